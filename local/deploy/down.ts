import { UserError } from "../../infra/errors.ts";
import type { Engine } from "../pulumi/index.ts";
import { openStack } from "./existing.ts";
import { changes, operate, type Outcome } from "./operation.ts";
import { root } from "./stack-file.ts";

interface ExportedState {
  deployment: { resources?: { urn: string; type: string; protect?: boolean }[] };
}

/** What is left of a stack, and what is not. */
export interface Down extends Outcome {
  deleted: number;
  /** Names and types of the resources that are protected, and therefore still there. */
  kept: string[];
}

/**
 * Deletes the resources of a stack. Protected ones, and with them their data, survive unless they are given up.
 *
 * @param options.force give up protected resources as well
 * @param options.say told what will be lost before anything is deleted
 * @throws UserError when the stack does not exist or a resource cannot be deleted
 */
export async function down(
  stack: string,
  { force, say }: { force: boolean; say: (line: string) => void },
): Promise<Down> {
  const { engine, config } = await openStack(stack);
  const guarded = await protectedResources(engine, stack);
  if (force && guarded.length > 0) {
    say(`These are protected and are deleted with their data:\n  ${guarded.join("\n  ")}`);
    const { code, stderr } = await engine.run(
      ["state", "unprotect", "--all", "--yes", "--non-interactive", "--stack", stack],
      { cwd: root, mayFail: true },
    );
    if (code !== 0) throw new UserError({ where: stack, message: `the protection stays: ${stderr.trim()}` });
  }
  const kept = force ? [] : guarded;
  const outcome = await operate(engine, {
    command: "destroy",
    title: `deleting ${stack}`,
    stack,
    config,
    args: ["--yes", ...(kept.length > 0 ? ["--exclude-protected"] : [])],
  });
  return { ...outcome, deleted: changes(outcome.summary), kept };
}

async function protectedResources(engine: Engine, stack: string): Promise<string[]> {
  const { stdout } = await engine.run(["stack", "export", "--stack", stack], { cwd: root });
  const { resources = [] } = (JSON.parse(stdout) as ExportedState).deployment;
  return resources
    .filter(({ protect }) => protect === true)
    .map(({ urn, type }) => `${urn.split("::").at(-1) ?? urn} (${type})`);
}
