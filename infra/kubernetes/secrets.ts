import * as pulumi from "@pulumi/pulumi";

import { randomSecret } from "../random.ts";
import { secretValues } from "../secret-values.ts";
import type { Target } from "./target.ts";

/** The secret values of a system, and the seed with which they are sealed. */
export class SystemSecrets extends pulumi.ComponentResource {
  /** Seed of the sealing, hex. */
  readonly sealingSeed: pulumi.Output<string>;
  private readonly values: Map<string, pulumi.Output<string>>;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:SystemSecrets", name, {}, opts);

    const { protect } = target.settings.profile;
    this.sealingSeed = randomSecret(`${name}-sealing-seed`, { parent: this, protect }).hex;
    this.values = secretValues(name, target, this);

    this.registerOutputs({});
  }

  /**
   * The value of a secret.
   *
   * @param instance the number of the single writer that asks
   */
  value(variable: string, instance: number): pulumi.Output<string> {
    const value = this.values.get(`${variable}_${instance}`) ?? this.values.get(variable);
    if (!value) throw new Error(`the secret "${variable}" is not declared`);
    return value;
  }
}
