import { UserError } from "../../infra/errors.ts";
import { step, type Report } from "../progress.ts";
import { knownCause } from "../pulumi/explain.ts";
import type { Engine } from "../pulumi/index.ts";
import { errors, parseEvent, policyFindings, stackOutputs, type EngineEvent, type PolicyFinding } from "./events.ts";
import { policyArguments } from "./policy-config.ts";
import { root } from "./stack-file.ts";

/** A run of the engine over a stack. */
export interface Operation {
  command: "preview" | "up" | "refresh" | "destroy";
  /** What people call it, such as "updating dev". */
  title: string;
  stack: string;
  /** The path of the stack's settings. */
  config: string;
  /** Further arguments. @default none */
  args?: readonly string[];
  /** How many resources will change, for the progress. @default unknown */
  expected?: number;
}

/** What came of an operation. */
export interface Outcome {
  /** Number of resources by what was done to them; those that stayed the same are "same". */
  summary: Record<string, number>;
  findings: PolicyFinding[];
  /** The stack's outputs afterwards; secret ones read "[secret]". */
  outputs: Record<string, unknown>;
  /** Whether the outputs are others than before. */
  outputsChanged: boolean;
}

/**
 * Updates a stack to its specification. It is planned first: a policy violation stops it before anything changes, and
 * where nothing is to be done, nothing is.
 *
 * @throws UserError with the policy violations, or with the errors of the resources that failed
 */
export async function update(engine: Engine, stack: string, config: string): Promise<Outcome> {
  const policies = await policyArguments(stack, config);
  const plan = await operate(engine, { command: "preview", title: `planning ${stack}`, stack, config, args: policies });
  const expected = changes(plan.summary);
  if (expected === 0 && !plan.outputsChanged) return plan;
  const args = ["--yes", "--skip-preview", ...policies];
  return await operate(engine, { command: "up", title: `updating ${stack}`, stack, config, args, expected });
}

/**
 * Runs an operation to its end and shows how far it is.
 *
 * @throws UserError with the policy violations that stopped it, or with the errors of the resources that failed
 */
export async function operate(engine: Engine, operation: Operation): Promise<Outcome> {
  const { command, title, stack, config, args = [], expected } = operation;
  const events: EngineEvent[] = [];
  const said: string[] = [];
  const common = ["--json", "--non-interactive", "--stack", stack, "--config-file", config];
  return await finishingOnInterrupt(() =>
    step(title, async (report) => {
      const progress = new Progress(report, expected);
      const onLine = (line: string) => {
        const event = parseEvent(line);
        if (event === undefined) said.push(line);
        else events.push(event);
        if (event !== undefined) progress.follow(event);
      };
      const { code } = await engine.run([command, ...common, ...args], {
        cwd: root,
        env: { ...process.env, PULUMI_ENABLE_STREAMING_JSON_PREVIEW: "true" },
        onLine,
        mayFail: true,
      });
      const findings = policyFindings(events);
      if (code !== 0) throw failure(operation, findings, events, said);
      return { summary: progress.summary, findings, ...stackOutputs(events) };
    }),
  );
}

/** Counts what an operation has done. */
class Progress {
  summary: Record<string, number> = {};
  #done = 0;
  readonly #report: Report;
  readonly #expected: number | undefined;

  constructor(report: Report, expected: number | undefined) {
    this.#report = report;
    this.#expected = expected;
  }

  follow({ summaryEvent, resOutputsEvent, resourcePreEvent }: EngineEvent): void {
    if (summaryEvent) this.summary = summaryEvent.resourceChanges ?? {};
    if (resOutputsEvent && resOutputsEvent.metadata.op !== "same") this.#done++;
    if (!resourcePreEvent || resourcePreEvent.metadata.op === "same") return;
    const { op, urn } = resourcePreEvent.metadata;
    const total = this.#expected === undefined ? "" : ` of ${this.#expected}`;
    this.#report(`${this.#done}${total} done, ${op} ${nameOf(urn)}`);
  }
}

/** The number of resources that an operation changes. */
export function changes(summary: Record<string, number>): number {
  return Object.entries(summary).reduce((sum, [operation, count]) => sum + (operation === "same" ? 0 : count), 0);
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

function failure(
  { command, stack }: Operation,
  findings: readonly PolicyFinding[],
  events: readonly EngineEvent[],
  said: readonly string[],
): UserError {
  const violations = findings.filter(({ level }) => level === "mandatory");
  if (violations.length > 0) {
    return new UserError(violations.map(({ message }) => ({ where: stack, message: `stopped by policy ${message}` })));
  }
  const cause = knownCause(said.join("\n"));
  if (cause !== undefined) return new UserError({ where: stack, message: cause });
  const reasons = errors(events);
  const message = reasons.length > 0 ? reasons.join("\n") : said.slice(-20).join("\n");
  return new UserError({ where: `${command} of ${stack}`, message: `did not succeed:\n${message}` });
}

/** A terminal sends Ctrl-C to the engine as well, which then ends in good order; this process waits for it. */
async function finishingOnInterrupt<T>(work: () => Promise<T>): Promise<T> {
  const wait = () => process.stderr.write("\n  ... ending in good order; please wait\n");
  if (process.stdin.isTTY) process.on("SIGINT", wait);
  try {
    return await work();
  } finally {
    process.off("SIGINT", wait);
  }
}
