import { isRecord } from "./field.ts";
import type { Finding } from "./check.ts";
import type { Policy } from "./policy.ts";

/** A dated permission to violate one policy at named places. */
export interface Exemption {
  /** The policy's id (`POL-IMG-PINNED`) or Pulumi name (`img-pinned`). */
  policy: string;
  /** URN of the resource; `*` stands for any text. */
  urn: string;
  /** Property path of the finding; `*` stands for any text. @default every path */
  path?: string;
  /** Why the violation is accepted, for whoever reviews it. */
  reason: string;
  /** Who answers for it: a person or a team. */
  owner: string;
  /** Last day on which it holds, `YYYY-MM-DD`, counted in UTC. */
  expires: string;
}

/** What the ledger says about a finding. */
export interface Ruling {
  /** The exemption that covers the finding. */
  exemption?: Exemption;
  /** Why exemptions that name the finding do not cover it, each a sentence. */
  rejected: readonly string[];
}

export interface ExemptionRules {
  /** How many days ahead an exemption may expire. */
  maxDays: number;
  /** The present time; given from outside so that expiry can be tested. */
  clock: () => Date;
  policies: readonly Policy[];
}

/** What has become of an exemption, the worst first. */
export const exemptionStates = ["malformed", "expired", "too long", "unused", "used"] as const;

/** One exemption as a report lists it. */
export interface RegisteredExemption {
  state: (typeof exemptionStates)[number];
  /** Its place in the configuration: `exemptions[0]`. */
  label: string;
  exemption: Readonly<Partial<Exemption>>;
  /** How many findings it covered. */
  findings: number;
}

interface Entry {
  exemption: Partial<Exemption>;
  /** Its place in the configuration: `exemptions[0]`. */
  label: string;
  /** Everything that is wrong with it however late it is. */
  defects: readonly string[];
  /** A finding has asked for it, whether it held or not. */
  asked: boolean;
  /** How many findings it covered. */
  findings: number;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const KEYS = ["policy", "urn", "path", "reason", "owner", "expires"] as const;

/** The exemptions of a run. One that is expired, too long or malformed exempts nothing. */
export class Exemptions {
  readonly #entries: readonly Entry[];
  readonly #rules: ExemptionRules;

  constructor(given: unknown, rules: ExemptionRules) {
    this.#rules = rules;
    const list = given === undefined ? [] : Array.isArray(given) ? (given as unknown[]) : [given];
    this.#entries = list.map((item, index) => readEntry(item, `exemptions[${index}]`, rules.policies));
  }

  /** Finds the exemption for a finding and marks it as used, or says why none applies. */
  rule(policy: Policy, finding: Finding): Ruling {
    const rejected: string[] = [];
    for (const entry of this.#entries.filter((candidate) => names(candidate.exemption, policy, finding))) {
      const objections = [...entry.defects, ...this.#dateProblems(entry)];
      entry.asked = true;
      if (objections.length === 0) {
        entry.findings += 1;
        return { exemption: entry.exemption as Exemption, rejected: [] };
      }
      rejected.push(`${entry.label} does not apply: ${objections.join("; ")}.`);
    }
    return { rejected };
  }

  /** Whether an exemption that holds names the policy and the resource, so that nothing there is to be mended. */
  spares(policy: Policy, urn: string): boolean {
    return this.#entries.some((entry) => {
      const named = namesResource(entry.exemption, policy, urn);
      return named && entry.defects.length === 0 && this.#dateProblems(entry).length === 0;
    });
  }

  /** Malformed entries, each as a sentence. */
  get malformed(): string[] {
    return this.#entries
      .filter(({ defects }) => defects.length > 0)
      .map(({ label, defects }) => `${label} exempts nothing: ${defects.join("; ")}.`);
  }

  /** Well-formed entries that no finding has asked for, each as a sentence. */
  get unused(): string[] {
    return this.#entries
      .filter(({ asked, defects }) => !asked && defects.length === 0)
      .map(({ label, exemption: { policy, urn, owner } }) => {
        return `${label} (${policy} for ${urn}, owner ${owner}) exempts nothing any more: remove it.`;
      });
  }

  /** Every exemption with what has become of it, the worst first. */
  get register(): RegisteredExemption[] {
    const register = this.#entries.map((entry): RegisteredExemption => {
      const { label, exemption, findings } = entry;
      return { state: this.#stateOf(entry), label, exemption, findings };
    });
    const rank = ({ state }: RegisteredExemption) => exemptionStates.indexOf(state);
    return register.sort((a, b) => rank(a) - rank(b));
  }

  #stateOf(entry: Entry): RegisteredExemption["state"] {
    if (entry.defects.length > 0) {
      return "malformed";
    }
    return this.#dateState(entry) ?? (entry.findings > 0 ? "used" : "unused");
  }

  #dateProblems(entry: Entry): string[] {
    const { expires } = entry.exemption;
    const problems = {
      expired: `it expired on ${expires}`,
      "too long": `it expires on ${expires}, more than ${this.#rules.maxDays} days ahead`,
    };
    const state = this.#dateState(entry);
    return state === undefined ? [] : [problems[state]];
  }

  #dateState({ exemption }: Entry): "expired" | "too long" | undefined {
    const lastDay = parseDay(exemption.expires);
    const today = Math.floor(this.#rules.clock().getTime() / DAY_MS);
    if (lastDay === undefined) {
      return undefined;
    }
    if (lastDay < today) {
      return "expired";
    }
    return lastDay > today + this.#rules.maxDays ? "too long" : undefined;
  }
}

function readEntry(item: unknown, label: string, policies: readonly Policy[]): Entry {
  if (!isRecord(item)) {
    return { exemption: {}, label, defects: ["it is not an object"], asked: false, findings: 0 };
  }
  const exemption: Partial<Exemption> = {};
  const defects: string[] = [];
  for (const key of KEYS) {
    const value = item[key];
    if (typeof value === "string" && value.trim() !== "") {
      exemption[key] = value.trim();
    } else if (value !== undefined || key !== "path") {
      defects.push(`it has no ${key}`);
    }
  }
  const unknownKeys = Object.keys(item).filter((key) => !(KEYS as readonly string[]).includes(key));
  defects.push(...unknownKeys.map((key) => `${key} is not known (allowed are ${KEYS.join(", ")})`));
  if (exemption.expires !== undefined && parseDay(exemption.expires) === undefined) {
    defects.push(`expires is not a date of the form YYYY-MM-DD: ${JSON.stringify(exemption.expires)}`);
  }
  if (exemption.urn !== undefined && /^[*:]+$/.test(exemption.urn)) {
    defects.push("urn names no resource");
  }
  if (exemption.policy !== undefined) {
    const policy = policies.find(({ id, name }) => exemption.policy === id || exemption.policy === name);
    if (policy === undefined) {
      defects.push(`there is no policy ${JSON.stringify(exemption.policy)}`);
    } else if (policy.exemptable === false) {
      defects.push(`${policy.id} accepts no exemption`);
    }
  }
  return { exemption, label, defects, asked: false, findings: 0 };
}

function names(exemption: Partial<Exemption>, policy: Policy, { resource, path }: Finding): boolean {
  return (
    namesResource(exemption, policy, resource.urn) &&
    (exemption.path === undefined || matchesGlob(exemption.path, path))
  );
}

function namesResource(exemption: Partial<Exemption>, policy: Policy, urn: string): boolean {
  const named = exemption.policy === policy.id || exemption.policy === policy.name;
  return named && exemption.urn !== undefined && matchesGlob(exemption.urn, urn);
}

/** Whether the text fits the pattern as a whole; `*` stands for any text, everything else for itself. */
export function matchesGlob(pattern: string, text: string): boolean {
  const parts = pattern.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s").test(text);
}

/** Days since 1970 of a date that exists in the calendar. */
function parseDay(text: string | undefined): number | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    return undefined;
  }
  const time = Date.parse(`${text}T00:00:00Z`);
  const exists = !Number.isNaN(time) && new Date(time).toISOString().startsWith(text);
  return exists ? time / DAY_MS : undefined;
}
