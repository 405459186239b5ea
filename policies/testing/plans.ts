import { load } from "js-yaml";
import {
  root,
  settingTexts,
  readStackFile,
  withDefaults,
  withOverrides,
  type Settings as Overrides,
} from "../../local/deploy/stack-file.ts";
import { standIns } from "../../local/deploy/stand-ins.ts";
import { isObject, Secret, unknown, type Value } from "../../local/pulumi/plugins/values.ts";
import { recordProgram } from "../../local/pulumi/program/monitor.ts";
import { project } from "../../stacks/config.ts";
import { Field } from "../frame/field.ts";
import { readParameters, type Policy } from "../frame/policy.ts";
import { Stack, type StackResource } from "../frame/stack.ts";
import { Check, type Settings } from "../frame/check.ts";
import { UNKNOWN } from "./analyzer.ts";
import { stepsOf } from "./paths.ts";

/** Every plan that the committed stacks make, with the settings that make it. */
export const plans = {
  "worldstore on the local cluster": { stack: "dev", overrides: {} },
  "worldstore on ECS in production": { stack: "prod", overrides: {} },
  "worldstore on Kubernetes in production": { stack: "prod", overrides: { target: "kubernetes" } },
} as const satisfies Record<string, { stack: string; overrides: Overrides }>;

export type PlanName = keyof typeof plans;

/** A resource of a plan, as the engine shows it to the policies. */
export interface PlannedResource {
  urn: string;
  type: string;
  name: string;
  properties: Record<string, unknown>;
  protect: boolean;
  propertyDependencies: Record<string, string[]>;
}

/** What a policy finds in a plan. */
export interface PlanFinding {
  policy: Policy;
  urn: string;
  path: string;
  found: string;
}

/** Runs the program of a committed stack without an engine, and gives what it registers. */
export async function recordPlan(stack: string, overrides: Overrides = {}): Promise<PlannedResource[]> {
  const file = withOverrides(await readStackFile(stack), overrides);
  const config = settingTexts(withDefaults(file, await standIns(file)));
  const { resources, exitCode, printed } = await recordProgram({
    cwd: root,
    entry: "stacks/index.ts",
    project,
    stack,
    config,
  });
  if (exitCode !== 0) {
    throw new Error(`The program of ${stack} failed:\n${printed}`);
  }
  return resources.map(({ urn, type, name, inputs, options: { protect, propertyDependencies } }) => {
    return { urn, type, name, properties: visible(inputs) as Record<string, unknown>, protect, propertyDependencies };
  });
}

/** What policies find in a plan, each resource judged alone and the stack as a whole, without a server. */
export function judgePlan(
  resources: readonly PlannedResource[],
  policies: readonly Policy[],
  settings: Settings = {},
): PlanFinding[] {
  const known = resources.map((resource) => asStackResource(resource, settings));
  return policies.flatMap((policy) => {
    const stack = new Stack(known);
    const parameters = readParameters(policy, {});
    const checks = known.map((resource) => new Check(resource));
    checks.forEach((check) => policy.check?.(check, check.resource, parameters));
    policy.checkStack?.(stack, parameters);
    return [...checks, ...stack.checks].flatMap(({ findings }) =>
      findings.map(({ resource, path, found }) => ({ policy, urn: resource.urn, path, found })),
    );
  });
}

function asStackResource({ properties, ...resource }: PlannedResource, settings: Settings): StackResource {
  return { ...resource, properties: Field.root(properties), settings };
}

/** Values as they arrive at the policies: secrets open, what is not known yet as the engine's sign for it. */
function visible(value: Value): unknown {
  if (value === unknown) {
    return UNKNOWN;
  }
  if (value instanceof Secret) {
    return visible(value.value);
  }
  if (Array.isArray(value)) {
    return value.map(visible);
  }
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visible(part)])) : value;
}

/** A plan with one value at a path changed, also within JSON and YAML texts, or taken away; no path is the whole resource. */
export function mutated(
  resources: readonly PlannedResource[],
  { resource: name, path, value }: { resource: string; path: string; value?: unknown },
): PlannedResource[] {
  const index = resources.findIndex(
    (resource) => resource.name === name && !resource.type.startsWith("agent-commerce:"),
  );
  const resource = resources[index];
  if (resource === undefined) {
    throw new Error(`The plan has no resource ${name}.`);
  }
  if (path === "") {
    return resources.toSpliced(index, 1);
  }
  const properties = changed(resource.properties, stepsOf(path), value) as Record<string, unknown>;
  if (JSON.stringify(properties) === JSON.stringify(resource.properties)) {
    throw new Error(`${path} of ${name} is so already.`);
  }
  return resources.with(index, { ...resource, properties });
}

function changed(place: unknown, [step, ...rest]: readonly string[], value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (typeof place === "string") {
    return JSON.stringify(changed(load(place), [step, ...rest], value));
  }
  if (Array.isArray(place)) {
    const inner = changed((place as unknown[])[Number(step)], rest, value);
    return inner === undefined ? place.toSpliced(Number(step), 1) : place.with(Number(step), inner);
  }
  const map = (place ?? {}) as Record<string, unknown>;
  const { [step]: before, ...others } = map;
  const inner = changed(before, rest, value);
  return inner === undefined ? others : { ...map, [step]: inner };
}
