import * as pulumi from "@pulumi/pulumi";

import { BackupRole } from "./backup.ts";
import { FunctionRoles } from "./function-roles.ts";
import { Keys } from "./keys.ts";
import { LogGroups } from "./logs.ts";
import { Topics } from "./notifications.ts";
import { Registry } from "./registry.ts";
import { WorkloadRoles } from "./roles.ts";
import type { Target } from "./target.ts";

/** What everything else rests on: roles, the keys that name them, image repositories, log groups and topics of alerts. */
export class Foundation extends pulumi.ComponentResource {
  readonly keys: Keys;
  readonly registry: Registry;
  readonly logs: LogGroups;
  readonly topics: Topics;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Foundation", name, {}, opts);
    const child = { parent: this };

    const roles = [
      new WorkloadRoles(`${name}-roles`, { target }, child),
      new FunctionRoles(`${name}-function-roles`, { target }, child),
      new BackupRole(`${name}-backup-role`, { target }, child),
    ];
    this.keys = new Keys(`${name}-keys`, { target }, { parent: this, dependsOn: roles });
    this.registry = new Registry(`${name}-registry`, { target, keys: this.keys }, child);
    this.logs = new LogGroups(`${name}-logs`, { target, keys: this.keys }, child);
    this.topics = new Topics(`${name}-topics`, { target, keys: this.keys }, child);

    this.registerOutputs({});
  }
}
