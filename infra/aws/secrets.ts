import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";

import { secretValues } from "../secret-values.ts";
import { secretKeys } from "../spec/instances.ts";
import { kebab, userName } from "../spec/names.ts";
import { toSeconds } from "../spec/units.ts";
import { arn } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalPath } from "./names.ts";
import { policyDocument } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
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

/** The policy of every secret: it admits nobody by itself, and keeps out other accounts and connections without TLS. */
export function secretPolicy(target: Target): string {
  const all = { effect: "Deny", principal: "everyone", actions: ["secretsmanager:*"], resources: ["*"] } as const;
  return policyDocument(
    {
      ...all,
      sid: "OtherAccounts",
      conditions: {
        StringNotEquals: { "aws:PrincipalAccount": target.aws.accountId },
        // Services of AWS that act for this account, such as the rotation.
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    },
    { ...all, sid: "WithoutTls", conditions: { Bool: { "aws:SecureTransport": "false" } } },
  );
}

/** What every secret in Secrets Manager has in common, as inputs. */
export function secretInputs(target: Target, keys: Pick<Keys, "arn">, path: string, description: string) {
  return {
    name: path,
    description,
    kmsKeyId: keys.arn("secrets"),
    recoveryWindowInDays: toSeconds(target.settings.profile.recoveryWindow) / 86_400,
    policy: secretPolicy(target),
  };
}

/**
 * The secrets of a system in Secrets Manager, each with the length of time after which people exchange it in its tag
 * `rotation`. What identifies a service or encrypts its data is never exchanged by itself.
 */
export class SystemSecrets extends pulumi.ComponentResource {
  constructor(
    name: string,
    { target, keys }: { target: Target; keys: Pick<Keys, "arn"> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:aws:SystemSecrets", name, {}, opts);
    const { system, settings } = target;
    const values = secretValues(name, target, this);
    for (const [variable, { rotation, requirement }] of Object.entries(system.secrets)) {
      for (const key of secretKeys(system, variable)) {
        const rotated =
          rotation === undefined
            ? { rotation: "never", "rotation-reason": "its exchange would lose the identity or data it stands for" }
            : { rotation };
        const own = { parent: this, protect: settings.profile.protect };
        const secret = new Secret(
          `${name}-${kebab(key)}`,
          {
            ...secretInputs(target, keys, secretPath(target, key), `${key} (${requirement})`),
            tags: componentTags("secrets", rotated),
          },
          own,
        );
        const value = values.get(key);
        if (value === undefined) throw new Error(`the secret "${key}" has no value`);
        new SecretVersion(`${name}-${kebab(key)}-version`, { secretId: secret.arn, secretString: value }, own);
      }
    }
    this.registerOutputs({});
  }
}
