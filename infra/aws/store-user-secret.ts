import { Secret } from "@pulumi/aws/secretsmanager/secret.js";
import { SecretVersion } from "@pulumi/aws/secretsmanager/secretVersion.js";
import * as pulumi from "@pulumi/pulumi";

import { randomSecret } from "../random.ts";
import { longestUse } from "../secret-values.ts";
import { isProtected } from "../settings.ts";
import type { StorePrivileges } from "../spec/flow.ts";
import type { StoreUser } from "../spec/flows.ts";
import { userName } from "../spec/names.ts";
import type { Keys } from "./keys.ts";
import { secretInputs, storeSecretPath } from "./secrets.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** A user of a store on AWS: one for each service or job that may reach it. */
export interface StoreUserAccess {
  workload: string;
  user: string;
  privileges: StorePrivileges;
  /** Secret. */
  password: pulumi.Output<string>;
  /** The address with name and password; secret. */
  url: pulumi.Output<string>;
}

/** What the secret of a store's user needs. */
export interface StoreUserSecretArgs {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  user: StoreUser;
  keys: Pick<Keys, "arn">;
  /** Secret. @default a random one of its own */
  password?: pulumi.Output<string>;
  /** Days between exchanges of the password by a function. @default people exchange it */
  rotationDays?: number;
  /** Makes the address with name and password. */
  url: (user: string, password: pulumi.Output<string>) => pulumi.Output<string>;
  /** What the secret holds beside username, password and url. */
  values: Record<string, pulumi.Input<string>>;
}

/**
 * The name and password with which a service or job uses a store, and the store's address, as one secret in Secrets
 * Manager. What ECS cannot know before the store exists is read from it by JSON key.
 */
export class StoreUserSecret extends pulumi.ComponentResource implements StoreUserAccess {
  readonly workload: string;
  readonly user: string;
  readonly privileges: StorePrivileges;
  readonly password: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;
  /** The secret's name in Secrets Manager; who reads the secret depends on this component. */
  readonly path: string;
  /** The secret's ARN. */
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: StoreUserSecretArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:StoreUserSecret", name, {}, opts);
    const { target, store, user, keys, rotationDays, values } = args;
    const protect = isProtected(target.settings, store);
    this.workload = user.workload;
    this.user = userName(user.workload);
    this.privileges = user.privileges;
    this.password = args.password ?? randomSecret(`${name}-password`, { parent: this, protect }).hex;
    this.url = args.url(this.user, this.password);
    this.path = storeSecretPath(target, store, user.workload);
    const secret = new Secret(
      `${name}-secret`,
      {
        ...secretInputs(target, keys, this.path, `User ${this.user} of ${store}`),
        tags: componentTags(store, { rotation: `${rotationDays ?? longestUse} d` }),
      },
      { parent: this, protect },
    );
    const content = { ...values, username: this.user, password: this.password, url: this.url };
    // The function writes newer versions; the first one must never come back over them.
    const ignoreChanges = rotationDays === undefined ? [] : ["secretString"];
    new SecretVersion(
      `${name}-version`,
      { secretId: secret.arn, secretString: pulumi.secret(pulumi.jsonStringify(content)) },
      { parent: this, protect, ignoreChanges },
    );
    this.arn = secret.arn;
    this.registerOutputs({});
  }
}
