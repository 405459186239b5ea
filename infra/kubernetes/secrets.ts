import * as pulumi from "@pulumi/pulumi";

import type { Secret } from "../spec/secret.ts";
import { instancesOf, kebab } from "./names.ts";
import { randomSecret } from "./random.ts";
import type { Target } from "./target.ts";

/**
 * The secret values of a system: generated once and kept, or given by the stack.
 *
 * In a profile that allows it, an external secret that the stack does not give is replaced by a stand-in of the same format.
 */
export class SystemSecrets extends pulumi.ComponentResource {
  /** Seed of the sealing, hex. */
  readonly sealingSeed: pulumi.Output<string>;
  private readonly name: string;
  private readonly target: Target;
  private readonly values = new Map<string, pulumi.Output<string>>();

  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:SystemSecrets", name, {}, opts);
    this.name = name;
    this.target = args.target;

    this.sealingSeed = randomSecret(`${name}-sealing-seed`, this.childOptions()).hex;
    for (const [variable, secret] of Object.entries(args.target.system.secrets)) {
      for (const key of secretKeys(args.target, variable)) this.values.set(key, this.provide(key, secret));
    }

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

  private provide(key: string, { origin, format }: Secret): pulumi.Output<string> {
    const { externalSecrets, profile } = this.target.settings;
    const given = externalSecrets[key];
    if (origin === "external" && given !== undefined) return pulumi.secret(given);
    if (origin === "external" && !profile.standInSecrets) throw new Error(`the external secret "${key}" is not given`);
    const purpose = origin === "generated" ? kebab(key) : `standin-${kebab(key)}`;
    const random = randomSecret(`${this.name}-${purpose}`, this.childOptions(), format.bytes);
    return random[format.encoding].apply((text) => (format.prefix ?? "") + text);
  }

  private childOptions(): pulumi.CustomResourceOptions {
    return { parent: this, protect: this.target.settings.profile.protect };
  }
}

/** The keys of a secret: its name, or its name with the number of each single writer that has its own. */
function secretKeys({ system }: Target, variable: string): string[] {
  for (const [name, service] of Object.entries(system.services)) {
    if (!service.singleWriter?.ownSecrets.includes(variable)) continue;
    return instancesOf(name, service).map(({ number }) => `${variable}_${number}`);
  }
  return [variable];
}
