import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { costEstimate, type CostEstimate } from "../../infra/aws/cost-estimate.ts";
import { UserError } from "../../infra/errors.ts";
import { knownCause } from "../pulumi/explain.ts";
import { ensureEngine, type Engine } from "../pulumi/index.ts";
import { prepareStack } from "../pulumi/recovery.ts";
import { stateSalt } from "../pulumi/stack.ts";
import { errors, parseEvent, policyFindings, stackOutputs, stackType, type PolicyFinding } from "./events.ts";
import { stackExists } from "./existing.ts";
import { policyArguments } from "./policy-config.ts";
import {
  readStackFile,
  readStartedFile,
  root,
  withDefaults,
  withOverrides,
  writeStackFile,
  type Settings,
  type StackFile,
} from "./stack-file.ts";
import { standIns } from "./stand-ins.ts";

/** A resource as it is planned. Secret values read "[secret]", those known only after the update "[unknown]". */
export interface PlannedResource {
  urn: string;
  type: string;
  name: string;
  /** URN of the parent; empty for the stack itself. */
  parent: string;
  inputs: Record<string, unknown>;
  protect: boolean;
  /** URNs, sorted. */
  dependencies: string[];
}

/** What a deployment would do, and what the policies say to it. */
export interface Preview {
  resources: PlannedResource[];
  policies: PolicyFinding[];
  outputs: Record<string, unknown>;
  /** Number of resources by operation, such as "create" and "same". */
  summary: Record<string, number>;
  /** What the plan's resources in AWS cost a month. @default there are none */
  cost?: CostEstimate;
}

export interface PreviewRequest {
  stack: string;
  /** Settings in the place of the stack's own. With any, the plan is for a stack that does not exist yet. @default none */
  overrides?: Settings;
}

const maskedKeys: Record<string, string> = { "04da6b54-80e4-46f7-96ec-b56ff0331ba9": "[unknown]" };

/**
 * Plans a deployment and asks the policies, without changing anything. Where there is no state to compare with, no
 * cluster, cloud, image or secret is needed.
 *
 * @throws UserError when the plan cannot be made; policy violations are part of the result
 */
export async function preview({ stack, overrides = {} }: PreviewRequest): Promise<Preview> {
  const directory = await mkdtemp(join(tmpdir(), "preview-"));
  try {
    const { engine, file } = await prepare(stack, overrides, directory);
    const config = join(directory, "stack.yaml");
    await writeStackFile(config, file);
    return await plan(engine, stack, config, join(directory, "events"));
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function prepare(
  stack: string,
  overrides: Settings,
  directory: string,
): Promise<{ engine: Engine; file: StackFile }> {
  const place = { cwd: root, stack };
  const committed = await readStackFile(stack);
  if (Object.keys(overrides).length === 0) {
    const engine = await ensureEngine();
    if (await stackExists(engine, stack)) {
      await prepareStack(engine, place, { change: false });
      return { engine, file: await readStartedFile(stack, await stateSalt(engine, place)) };
    }
  }
  const file = withOverrides(committed, overrides);
  const engine = await ensureEngine({ backend: `file://${directory}` });
  await prepareStack(engine, place, { change: false });
  return { engine, file: withDefaults(file, await standIns(file)) };
}

async function plan(engine: Engine, stack: string, config: string, eventLog: string): Promise<Preview> {
  const policyPack = await policyArguments(stack, config);
  const args = ["preview", "--json", "--show-sames", "--non-interactive", ...policyPack];
  const result = await engine.run([...args, "--stack", stack, "--config-file", config, "--event-log", eventLog], {
    cwd: root,
    env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true" },
    mayFail: true,
  });
  const events = (await readFile(eventLog, "utf8").catch(() => ""))
    .split("\n")
    .flatMap((line) => parseEvent(line, mask) ?? []);
  const policies = policyFindings(events);
  const digest = parseDigest(result.stdout);
  if (result.code !== 0 && !policies.some(({ level }) => level === "mandatory")) {
    const cause = knownCause(result.stderr);
    if (cause !== undefined) throw new UserError({ where: stack, message: cause });
    const said = errors(events);
    throw new UserError({
      where: `preview of ${stack}`,
      message: `no plan could be made:\n${said.length > 0 ? said.join("\n") : result.stderr.trim()}`,
    });
  }
  const planned = resources(digest);
  const cost = costEstimate(planned);
  return {
    resources: planned,
    policies,
    outputs: stackOutputs(events).outputs,
    summary: digest.changeSummary ?? {},
    ...(cost ? { cost } : {}),
  };
}

interface Digest {
  steps?: { op: string; urn: string; newState?: State }[];
  changeSummary?: Record<string, number>;
}

interface State {
  urn: string;
  type: string;
  parent?: string;
  inputs?: Record<string, unknown>;
  protect?: boolean;
  dependencies?: string[];
}

function parseDigest(text: string): Digest {
  const start = text.indexOf("{");
  if (start < 0) return {};
  return JSON.parse(text.slice(start), mask) as Digest;
}

/** The engine has already hidden secrets; here they take one readable form. */
function mask(_: string, value: unknown): unknown {
  if (typeof value === "string") return maskedKeys[value] ?? value;
  const isSecret = typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
  return isSecret ? "[secret]" : value;
}

function resources({ steps = [] }: Digest): PlannedResource[] {
  const states = new Map(steps.flatMap(({ urn, newState }) => (newState ? [[urn, newState] as const] : [])));
  return [...states.values()]
    .filter(({ type }) => type !== stackType)
    .map(({ urn, type, parent = "", inputs = {}, protect = false, dependencies = [] }) => ({
      urn,
      type,
      name: urn.split("::").at(-1) ?? "",
      parent,
      inputs,
      protect,
      dependencies: [...dependencies].sort(),
    }))
    .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}
