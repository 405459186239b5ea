import { readFile } from "node:fs/promises";

import { z } from "zod";

import { UserError } from "../../infra/errors.ts";
import { catalogue } from "../../policies/catalogue.ts";
import type { PolicyConfig } from "../pulumi/program/analyze.ts";

const levels = ["advisory", "mandatory", "remediate", "disabled"] as const;

const shape = z.record(
  z.string(),
  z.union([z.enum(levels), z.looseObject({ enforcementLevel: z.enum(levels).optional() })]),
);

/**
 * Reads a file as for `--policy-pack-config`. What the engine would check is checked here: levels and the types of
 * parameters; the pack itself tells of names that it does not know.
 *
 * @throws UserError with everything that is wrong
 */
export async function readPolicyConfig(file: string): Promise<PolicyConfig> {
  const config = parse(await readFile(file, "utf8").catch(() => ""), file);
  const problems = Object.entries(config).flatMap(([policy, entry]) =>
    typeof entry === "string" ? [] : parameterProblems(policy, entry).map((message) => ({ where: file, message })),
  );
  if (problems.length > 0) throw new UserError(problems);
  const { all, ...others } = config;
  const everyone = all === undefined ? [] : catalogue.map(({ name }) => [name, all] as const);
  return { ...Object.fromEntries<PolicyConfig[string]>(everyone), ...others };
}

function parse(text: string, file: string): PolicyConfig {
  try {
    return shape.parse(JSON.parse(text)) as PolicyConfig;
  } catch (error) {
    const first = error instanceof z.ZodError ? error.issues[0]?.path.join(".") : undefined;
    const allowed = `a level (${levels.join(", ")}), or an object with \`enforcementLevel\` and parameters`;
    const message =
      first === undefined || first === ""
        ? `it cannot be read as a JSON object; for each policy it holds ${allowed}.`
        : `${first} must be ${allowed}.`;
    throw new UserError({ where: file, message });
  }
}

function parameterProblems(policy: string, parameters: Record<string, unknown>): string[] {
  const schemas = catalogue.find(({ name }) => name === policy)?.parameters ?? {};
  return Object.entries(schemas).flatMap(([name, schema]) => {
    if (!(name in parameters)) return [];
    const { default: _, ...rest } = schema;
    const { error } = z.fromJSONSchema(rest as Parameters<typeof z.fromJSONSchema>[0]).safeParse(parameters[name]);
    return (error?.issues ?? []).map(({ path, message }) => {
      return `${[policy, name, ...path.map(String)].join(".")}: ${message}; it is ${schema.description}`;
    });
  });
}
