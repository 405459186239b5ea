import * as pulumi from "@pulumi/pulumi";

import { userName } from "../spec/names.ts";
import { arn } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalPath } from "./names.ts";
import type { Target } from "./target.ts";

/**
 * The name of a secret in Secrets Manager.
 *
 * @param key the secret's variable, or that of one instance, such as "WALLET_KEY_0"
 */
export function secretPath(target: Target, key: string): string {
  return physicalPath(target, key);
}

/** The name of the secret with a service's or job's user of a store. */
export function storeSecretPath(target: Target, store: string, workload: string): string {
  return physicalPath(target, store, userName(workload));
}

/**
 * What ECS reads a secret by: its ARN without the six characters that AWS adds.
 *
 * @param jsonKey reads one value of a secret that is a JSON object. @default the whole secret
 */
export function secretReference(target: Target, path: string, jsonKey?: string): string {
  const whole = arn(target.aws, "secretsmanager", `secret:${path}`);
  return jsonKey === undefined ? whole : `${whole}:${jsonKey}::`;
}

/** What IAM knows a secret by: its ARN with a place for each of the six characters that AWS adds. */
export function secretArnPattern(target: Target, path: string): string {
  return `${secretReference(target, path)}-??????`;
}

/** The secrets of a system in Secrets Manager. */
export class SystemSecrets extends pulumi.ComponentResource {
  constructor(name: string, { target, keys }: { target: Target; keys: Keys }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:SystemSecrets", name, {}, opts);
    void target;
    void keys;
    this.registerOutputs({});
  }
}
