import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ensureEngine, type Engine } from "../index.ts";
import { prepareStack } from "../recovery.ts";
import type { RunOptions, RunResult } from "../../run.ts";

/** A test's own stack of one of the test programs, in a state folder of its own. */
export interface TestStack {
  engine: Engine;
  /** The folder with the test program. */
  cwd: string;
  stack: string;
  /** The folder with the state and the configuration, gone after `remove`. */
  directory: string;
  /** Arguments that every command about the stack needs. */
  args: string[];
  /** Environment in which programs started by the engine find this Node. */
  env: NodeJS.ProcessEnv;
  /** Writes the stack's configuration, keeping what the engine has added. */
  configure(values: Record<string, string | number | boolean>): Promise<void>;
  /** Prepares the stack and runs a command on it, as the project's commands do. */
  run(command: string[], options?: RunOptions): Promise<RunResult>;
  remove(): Promise<void>;
}

/** Makes a stack for one test file; the engine is the one that users get. */
export async function testStack(program: "random" | "slow" | "aws" | "kubernetes"): Promise<TestStack> {
  const directory = await mkdtemp(join(tmpdir(), "pulumi-test-"));
  const cwd = join(import.meta.dirname, "programs", program);
  const engine = await withBackend(`file://${directory}`, ensureEngine);
  const stack = "test";
  const config = join(directory, "config.yaml");
  const env = { ...process.env, PATH: `${dirname(process.execPath)}:${process.env["PATH"]}` };
  const args = ["--stack", stack, "--non-interactive", "--color", "never"];
  const configured = ["--config-file", config];
  const test: TestStack = {
    engine,
    cwd,
    stack,
    directory,
    args: [...args, ...configured],
    env,
    async configure(values) {
      const lines = Object.entries(values).map(([key, value]) => `  ${program}-test:${key}: ${JSON.stringify(value)}`);
      await writeFile(config, `config:\n${lines.join("\n")}\n`);
    },
    async run(command, options) {
      await prepareStack(engine, { cwd, stack }, { say: () => undefined });
      const takesConfig = command[0] !== "stack";
      return await engine.run([...command, ...args, ...(takesConfig ? configured : [])], { cwd, env, ...options });
    },
    remove: () => rm(directory, { recursive: true, force: true }),
  };
  await test.configure({});
  return test;
}

async function withBackend<T>(url: string, work: () => Promise<T>): Promise<T> {
  const before = process.env["PULUMI_BACKEND_URL"];
  process.env["PULUMI_BACKEND_URL"] = url;
  try {
    return await work();
  } finally {
    if (before === undefined) delete process.env["PULUMI_BACKEND_URL"];
    else process.env["PULUMI_BACKEND_URL"] = before;
  }
}
