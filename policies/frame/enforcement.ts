import type { Settings } from "./check.ts";
import { Exemptions } from "./exemptions.ts";
import { textOf } from "./field.ts";
import { readParameters, type Policy } from "./policy.ts";

/** What a violation of a policy does: nothing but words, stop, be mended first, or not even be looked for. */
export type Level = "advisory" | "mandatory" | "remediate" | "disabled";

/** What the configuration says of one policy. */
export interface PolicySetting {
  level: Level;
  parameters: Readonly<Record<string, unknown>>;
}

/** The configuration of a pack, by policy. */
export type PackSettings = Readonly<Record<string, PolicySetting>>;

/** What is wrong with the configuration of one policy. */
export interface Defect {
  /** The policy's name. */
  policy: string;
  sentence: string;
}

/** Names under which settings of the whole pack stand beside those of its policies. */
export const EXEMPTIONS = "exemptions";
export const SETTINGS = "settings";

/** Days that an exemption may last when the configuration says nothing. */
export const DEFAULT_EXEMPTION_DAYS = 90;

/** The names of the settings that hold for every policy. */
export const SETTING_NAMES = ["system", "environment"] as const;

/** Which policies are asked how: levels, parameters, exemptions and what holds for all of them. */
export class Enforcement {
  readonly policies: readonly Policy[];
  readonly #clock: () => Date;
  readonly #parameters = new Map<Policy, object>();
  #given: PackSettings = {};
  #exemptions: Exemptions;
  #settings: Settings = {};

  constructor(policies: readonly Policy[], clock: () => Date) {
    this.policies = policies;
    this.#clock = clock;
    this.#exemptions = this.#readExemptions();
  }

  /** Takes another configuration in the place of the present one, and forgets which exemptions were used. */
  configure(settings: PackSettings): void {
    this.#given = settings;
    this.#parameters.clear();
    this.#exemptions = this.#readExemptions();
    const given = this.#enabled(SETTINGS)?.parameters ?? {};
    const named = SETTING_NAMES.map((name) => [name, textOf(given[name])] as const);
    this.#settings = Object.fromEntries(named.filter(([, value]) => value !== ""));
  }

  get exemptions(): Exemptions {
    return this.#exemptions;
  }

  get settings(): Settings {
    return this.#settings;
  }

  /** The level that is configured under a name, or the one that holds when none is. */
  levelOf(name: string, byDefault: Level): Level {
    return this.#given[name]?.level ?? byDefault;
  }

  /** The policy's parameters, complete. */
  parametersOf(policy: Policy): object {
    const known = this.#parameters.get(policy) ?? readParameters(policy, this.#given[policy.name]?.parameters ?? {});
    this.#parameters.set(policy, known);
    return known;
  }

  /** Names that nothing answers to; the engine lets them pass. It judges the values of known parameters itself. */
  defects(own: Readonly<Record<string, readonly string[]>>): Defect[] {
    const parameters = new Map(Object.entries(own));
    this.policies.forEach((policy) => parameters.set(policy.name, Object.keys(policy.parameters)));
    return Object.entries(this.#given).flatMap(([name, { parameters: given }]) => {
      const known = parameters.get(name);
      if (known === undefined) {
        return [{ policy: SETTINGS, sentence: `The configuration names a policy that does not exist: ${name}.` }];
      }
      const owner = this.policies.find((policy) => policy.name === name)?.id ?? name;
      const allowed = known.length === 0 ? "it has none" : `allowed are ${known.join(", ")}`;
      return Object.keys(given)
        .filter((key) => !known.includes(key))
        .map((key) => ({ policy: name, sentence: `${owner} has no parameter ${JSON.stringify(key)}: ${allowed}.` }));
    });
  }

  #enabled(name: string): PolicySetting | undefined {
    const setting = this.#given[name];
    return setting?.level === "disabled" ? undefined : setting;
  }

  #readExemptions(): Exemptions {
    const { exemptions, maxDays } = this.#enabled(EXEMPTIONS)?.parameters ?? {};
    return new Exemptions(exemptions, {
      maxDays: typeof maxDays === "number" ? maxDays : DEFAULT_EXEMPTION_DAYS,
      clock: this.#clock,
      policies: this.policies,
    });
  }
}
