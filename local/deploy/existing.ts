import { existsSync } from "node:fs";

import { UserError } from "../../infra/errors.ts";
import { explain } from "../pulumi/explain.ts";
import { ensureEngine, type Engine } from "../pulumi/index.ts";
import { prepareStack } from "../pulumi/recovery.ts";
import { stackFiles, stateSalt } from "../pulumi/stack.ts";
import { readStackFile, readStartedFile, root, writeMachineFile } from "./stack-file.ts";

/**
 * Whether a stack has a state.
 *
 * @throws UserError when the place of the state cannot be asked
 */
export async function stackExists(engine: Engine, stack: string): Promise<boolean> {
  const files = await stackFiles(engine, { cwd: root, stack });
  if (files) return existsSync(files.state);
  const args = ["stack", "export", "--stack", stack];
  const result = await engine.run(args, { cwd: root, mayFail: true });
  if (result.code !== 0 && !/no stack named/.test(result.stderr)) throw explain(args, result);
  return result.code === 0;
}

/**
 * Makes a stack that exists ready for an operation that changes it.
 *
 * @throws UserError when there is none, or when another process is changing it
 */
export async function openStack(stack: string): Promise<{ engine: Engine; config: string }> {
  await readStackFile(stack);
  const engine = await ensureEngine();
  await requireStarted(engine, stack);
  await prepareStack(engine, { cwd: root, stack });
  const salt = await stateSalt(engine, { cwd: root, stack });
  return { engine, config: await writeMachineFile(stack, await readStartedFile(stack, salt)) };
}

/** @throws UserError when a stack has no state, or when there is no such stack at all */
export async function requireStarted(engine: Engine, stack: string): Promise<void> {
  if (await stackExists(engine, stack)) return;
  await readStackFile(stack);
  throw new UserError({
    where: `--stack ${stack}`,
    message: `the stack has never been started here; \`npm start -- --stack ${stack}\` does that.`,
  });
}
