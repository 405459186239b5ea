import type { PolicyConfigJSONSchema } from "@pulumi/policy/schema.js";
import { z } from "zod";
import { DEFAULT_EXEMPTION_DAYS, EXEMPTIONS, SETTINGS, type Level } from "./enforcement.ts";
import { Exemptions, type Exemption } from "./exemptions.ts";
import { FRAMEWORKS } from "./message.ts";
import type { Controls, Policy, Severity } from "./policy.ts";
import { sentences } from "./sentences.ts";

/** What stands in a configuration file. */
export interface Configuration {
  /** What an editor reads the schema from. */
  $schema?: string;
  /** How strict the pack is. @default "restricted" */
  preset?: PresetName;
  /** The system of resources that name none. */
  system?: string;
  /** The stage of resources that name none. @default the preset's */
  environment?: string;
  /** Days ahead that an exemption may expire. @default the preset's */
  exemptionMaxDays?: number;
  exemptions?: readonly Exemption[];
  /** Only policies that fit every criterion given here are asked. @default all */
  select?: Selection;
  /** Levels and parameters by policy, in the place of all others. */
  policies?: Readonly<Record<string, Level | PolicyEntry>>;
}

/** Criteria for policies; each is met by one fitting value. */
export interface Selection {
  /** Public frameworks that the policy answers for. */
  frameworks?: readonly (keyof Controls)[];
  /** `kubernetes`, `aws`, or services of AWS as its controls name them: `rds`, `s3`. */
  services?: readonly string[];
  severities?: readonly Severity[];
}

export interface PolicyEntry {
  level?: Level;
  parameters?: Readonly<Record<string, unknown>>;
}

/** The configuration as `--policy-pack-config` takes it. */
export type PackConfigFile = Record<string, Record<string, unknown>>;

export type PresetName = keyof typeof presets;

interface Preset {
  description: string;
  level: (policy: Policy) => Level;
  exemptionMaxDays: number;
  environment?: string;
}

const SEVERITIES = ["low", "medium", "high", "critical"] as const satisfies readonly Severity[];

/** From the most lenient to the strictest. */
const presets = {
  dev: {
    description: "Only critical policies and those that accept no exemption stop a deployment.",
    level: ({ level, severity, exemptable }) => (severity === "critical" || exemptable === false ? level : "advisory"),
    exemptionMaxDays: DEFAULT_EXEMPTION_DAYS,
    environment: "dev",
  },
  baseline: {
    description: "Policies of high and critical severity stop a deployment.",
    level: ({ level, severity }) => (severity === "critical" || severity === "high" ? level : "advisory"),
    exemptionMaxDays: DEFAULT_EXEMPTION_DAYS,
  },
  restricted: {
    description: "Every policy has its own level, as without a configuration.",
    level: ({ level }) => level,
    exemptionMaxDays: DEFAULT_EXEMPTION_DAYS,
  },
  production: {
    description: "Every policy stops a deployment, and exemptions last 30 days.",
    level: () => "mandatory",
    exemptionMaxDays: 30,
    environment: "prod",
  },
} as const satisfies Record<string, Preset>;

export const presetNames = Object.keys(presets) as PresetName[];

/** The kind of infrastructure that a policy is about, for the selection. */
export function servicesOf({ targets, controls }: Pick<Policy, "targets" | "controls">): string[] {
  const named = (controls.fsbp ?? []).map((control) => control.split(".")[0]?.toLowerCase() ?? "");
  return [...new Set([...targets, ...named])].sort();
}

/**
 * Reads a configuration.
 *
 * @returns it, or everything that is wrong with it, each as a sentence
 */
export function readConfiguration(
  value: unknown,
  policies: readonly Policy[],
  clock: () => Date,
): { configuration: Configuration } | { problems: string[] } {
  const parsed = z.fromJSONSchema(configurationSchema(policies) as z.core.JSONSchema.JSONSchema).safeParse(value);
  const problems = parsed.success ? [] : sentences(parsed.error.issues, value, policies);
  const configuration = value as Configuration;
  if (problems.length === 0) {
    const maxDays = exemptionDays(configuration);
    problems.push(...new Exemptions(configuration.exemptions, { maxDays, clock, policies }).malformed);
  }
  return problems.length > 0 ? { problems } : { configuration };
}

/** Writes out what a configuration means: a level for each policy, and its parameters. */
export function packConfigFile(configuration: Configuration, policies: readonly Policy[]): PackConfigFile {
  const preset: Preset = presets[configuration.preset ?? "restricted"];
  const { system, environment = preset.environment, exemptions = [] } = configuration;
  const file: PackConfigFile = {
    [EXEMPTIONS]: { maxDays: exemptionDays(configuration), exemptions },
    ...((system ?? environment) !== undefined && {
      [SETTINGS]: { ...(system !== undefined && { system }), ...(environment !== undefined && { environment }) },
    }),
  };
  for (const policy of policies) {
    const given = configuration.policies?.[policy.name] ?? {};
    const entry: PolicyEntry = typeof given === "string" ? { level: given } : given;
    const byDefault = isSelected(policy, configuration.select) ? preset.level(policy) : "disabled";
    file[policy.name] = { enforcementLevel: entry.level ?? byDefault, ...entry.parameters };
  }
  return file;
}

/** The JSON schema of a configuration file. */
export function configurationSchema(policies: readonly Policy[]): PolicyConfigJSONSchema {
  const services = [...new Set(policies.flatMap(servicesOf))].sort();
  return {
    type: "object",
    description: "Configuration of the policy pack.",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      preset: {
        enum: presetNames,
        description: Object.entries(presets)
          .map(([name, { description }]) => `${name}: ${description}`)
          .join(" "),
      },
      system: { type: "string", minLength: 1, description: "The system of resources that name none." },
      environment: { type: "string", minLength: 1, description: "The stage of resources that name none." },
      exemptionMaxDays: { type: "integer", minimum: 1, description: "Days ahead that an exemption may expire." },
      exemptions: { type: "array", items: EXEMPTION, description: "Dated permissions to violate a policy." },
      select: {
        type: "object",
        description: "Only policies that fit every criterion given here are asked.",
        additionalProperties: false,
        properties: {
          frameworks: listOf(Object.keys(FRAMEWORKS), "Public frameworks that the policy answers for."),
          services: listOf(services, "What the policy is about."),
          severities: listOf(SEVERITIES, "How bad a violation is."),
        },
      },
      policies: {
        type: "object",
        description: "Levels and parameters by policy, in the place of all others.",
        additionalProperties: false,
        properties: Object.fromEntries(policies.map((policy) => [policy.name, entrySchema(policy)])),
      },
    },
  };
}

/** What an exemption has to say; `Exemptions` judges the rest. */
const EXEMPTION: PolicyConfigJSONSchema = {
  type: "object",
  required: ["policy", "urn", "reason", "owner", "expires"],
  additionalProperties: false,
  properties: {
    policy: { type: "string", description: "The policy's id or name." },
    urn: { type: "string", description: "URN of the resource; * stands for any text." },
    path: { type: "string", description: "Property path of the finding; * stands for any text." },
    reason: { type: "string", description: "Why the violation is accepted." },
    owner: { type: "string", description: "Who answers for it: a person or a team." },
    expires: { type: "string", description: "Last day on which it holds, YYYY-MM-DD, in UTC." },
  },
};

function entrySchema({ title, parameters, remediate }: Policy): PolicyConfigJSONSchema {
  const level: PolicyConfigJSONSchema = {
    enum: ["advisory", "mandatory", "disabled", ...(remediate === undefined ? [] : ["remediate"])],
  };
  const entry: PolicyConfigJSONSchema = {
    type: "object",
    additionalProperties: false,
    properties: {
      level,
      parameters: { type: "object", additionalProperties: false, properties: { ...parameters } },
    },
  };
  // Both alternatives of `anyOf`, which the SDK's type of a schema does not name.
  return { description: title, anyOf: [level, entry] } as PolicyConfigJSONSchema;
}

function listOf(values: readonly string[], description: string): PolicyConfigJSONSchema {
  return { type: "array", items: { enum: [...values] }, description };
}

function exemptionDays({ preset = "restricted", exemptionMaxDays }: Configuration): number {
  return exemptionMaxDays ?? presets[preset].exemptionMaxDays;
}

function isSelected(policy: Policy, { frameworks, services, severities }: Selection = {}): boolean {
  return (
    (frameworks === undefined || frameworks.some((framework) => (policy.controls[framework] ?? []).length > 0)) &&
    (services === undefined || services.some((service) => servicesOf(policy).includes(service))) &&
    (severities === undefined || severities.includes(policy.severity))
  );
}
