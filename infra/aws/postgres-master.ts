import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";

import { randomSecret } from "../random.ts";
import { longestUse } from "../secret-values.ts";
import { isProtected } from "../settings.ts";
import type { PostgresStore } from "../spec/store.ts";
import type { Keys } from "./keys.ts";
import { physicalPath } from "./names.ts";
import { secretInputs } from "./secrets.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The administrator's name; not one that attackers try first (RDS.25). */
export const masterUser = "dbadmin";

/**
 * Whether RDS makes and exchanges the administrator's password by itself. It does so for every PostgreSQL server but those
 * with read replicas.
 */
export function isMasterManaged({ replicas = 0 }: PostgresStore): boolean {
  return replicas === 0;
}

/** The name of the administrator's secret where RDS makes none. No user of the database has a hyphen in its name. */
export function masterSecretPath(target: Target, store: string): string {
  return physicalPath(target, store, "master-user");
}

/** The administrator's password where RDS makes none. */
export class MasterSecret extends pulumi.ComponentResource {
  /** Secret. */
  readonly password: pulumi.Output<string>;
  /** The secret's ARN. */
  readonly arn: pulumi.Output<string>;

  constructor(
    name: string,
    { target, store, keys }: { target: Target; store: string; keys: Pick<Keys, "arn"> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:aws:MasterSecret", name, {}, opts);
    const own = { parent: this, protect: isProtected(target.settings, store) };
    this.password = randomSecret(`${name}-password`, own).hex;
    const secret = new Secret(
      `${name}-secret`,
      {
        ...secretInputs(target, keys, masterSecretPath(target, store), `Administrator of ${store}`),
        tags: componentTags(store, { rotation: `${longestUse} d` }),
      },
      own,
    );
    const content = { username: masterUser, password: this.password };
    const version = new SecretVersion(
      `${name}-version`,
      { secretId: secret.arn, secretString: pulumi.secret(pulumi.jsonStringify(content)) },
      own,
    );
    // Whoever knows the ARN from here finds a value behind it.
    this.arn = version.arn;
    this.registerOutputs({});
  }
}
