import { spawn } from "node:child_process";
import { createRequire } from "node:module";

import enginerpc from "@pulumi/pulumi/proto/engine_grpc_pb.js";
import resourcerpc from "@pulumi/pulumi/proto/resource_grpc_pb.js";

import { cachePath } from "../../cache.ts";
import type { Properties } from "../plugins/values.ts";
import { listen } from "../rpc.ts";
import type { RecordedResource } from "./recording.ts";
import { Recorder, type Answers, type RecordedLog } from "./services.ts";

export { analyze, type Violation } from "./analyze.ts";
export { shown, type RecordedOptions, type RecordedResource } from "./recording.ts";

/** A program to run without an engine. */
export interface RecordedProgram extends Answers {
  /** The folder in which the program runs. */
  cwd: string;
  /** The program's file or folder, relative to `cwd`. @default "." */
  entry?: string;
  project: string;
  /** @default "test" */
  stack?: string;
  /** Configuration; keys without a namespace belong to the project, lists and objects are passed on as JSON. @default none */
  config?: Record<string, unknown>;
  /** Keys of `config` whose values are secret. @default none */
  secretKeys?: string[];
  /** Ids and outputs are unknown, as in `pulumi preview`. @default true */
  preview?: boolean;
}

/** What a program did. */
export interface Recording {
  resources: RecordedResource[];
  /** The stack's outputs. */
  outputs: Properties;
  logs: RecordedLog[];
  /** What it printed, both streams. */
  printed: string;
  exitCode: number;
}

/**
 * Runs an unmodified program of the Node SDK and records what it registers. Not an engine: nothing is
 * compared, created or kept.
 */
export async function recordProgram(program: RecordedProgram): Promise<Recording> {
  const { cwd, entry = ".", project, stack = "test", preview = true } = program;
  const recorder = new Recorder({ project, stack, preview }, program);
  const { server, address } = await listen(
    [resourcerpc.ResourceMonitorService, recorder.monitor()],
    [enginerpc.EngineService, recorder.engine()],
  );
  try {
    const sdk = createRequire(import.meta.url).resolve("@pulumi/pulumi/cmd/run/index.js");
    const named = {
      monitor: address,
      engine: address,
      organization: "organization",
      project,
      stack,
      pwd: cwd,
      parallel: "16",
    };
    const flags = Object.entries(named).flatMap(([name, value]) => [`--${name}`, value]);
    const { printed, exitCode } = await runNode([sdk, ...flags, ...(preview ? ["--dry-run"] : []), entry], program);
    return { resources: recorder.resources, outputs: recorder.outputs, logs: recorder.logs, printed, exitCode };
  } finally {
    server.forceShutdown();
  }
}

async function runNode(args: string[], program: RecordedProgram): Promise<{ printed: string; exitCode: number }> {
  const { cwd, project, config = {}, secretKeys = [] } = program;
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));
  const full = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], {
    cwd,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? cachePath("compiled"),
      PULUMI_NODEJS_TYPESCRIPT: "false",
      PULUMI_CONFIG: JSON.stringify(
        Object.fromEntries(Object.entries(config).map(([key, value]) => [full(key), text(value)])),
      ),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(secretKeys.map(full)),
    },
  });
  let printed = "";
  for (const stream of [child.stdout, child.stderr])
    stream.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  });
  return { printed, exitCode };
}
