import { Alias } from "@pulumi/aws/kms/alias.js";
import { Key } from "@pulumi/aws/kms/key.js";
import * as pulumi from "@pulumi/pulumi";

import { toSeconds } from "../spec/units.ts";
import { type ExistingRoles, keyPolicy, type KeyPurpose, keyPurposes } from "./key-policies.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

const descriptions: Record<KeyPurpose, string> = {
  data: "databases, caches, buckets, queues, volumes, images and backups",
  secrets: "secrets in Secrets Manager",
  operations: "log groups, topics, trails and functions",
};

/** How often KMS makes new key material; the old one keeps decrypting what it encrypted. */
const rotationDays = 365;

/** What keys need. */
export interface KeysArgs {
  target: Target;
  /** Roles of services and jobs that exist. @default both kinds */
  roles?: ExistingRoles;
}

/**
 * The customer keys of a system, one for each purpose (POL-KMS).
 *
 * KMS refuses a policy that names a role which does not exist: the components of roles stand in `dependsOn`.
 */
export class Keys extends pulumi.ComponentResource {
  private readonly arns: Record<KeyPurpose, pulumi.Output<string>>;

  constructor(name: string, { target, roles }: KeysArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Keys", name, {}, opts);
    const { settings } = target;
    const create = (purpose: KeyPurpose) => {
      const key = new Key(
        `${name}-${purpose}`,
        {
          description: `${target.system.name} ${settings.environment}: ${descriptions[purpose]}`,
          enableKeyRotation: true,
          rotationPeriodInDays: rotationDays,
          deletionWindowInDays: toSeconds(settings.profile.recoveryWindow) / 86_400,
          policy: keyPolicy(target, purpose, roles),
          tags: componentTags("keys", { purpose }),
        },
        { parent: this, protect: settings.profile.protect },
      );
      new Alias(
        `${name}-${purpose}-alias`,
        { name: `alias/${physicalName(target, "keyAlias", purpose)}`, targetKeyId: key.keyId },
        { parent: this },
      );
      return [purpose, key.arn] as const;
    };
    this.arns = Object.fromEntries(keyPurposes.map(create)) as Record<KeyPurpose, pulumi.Output<string>>;
    this.registerOutputs({});
  }

  /** The ARN of a key. */
  arn(purpose: KeyPurpose): pulumi.Output<string> {
    return this.arns[purpose];
  }
}
