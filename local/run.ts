import { spawn, type SpawnOptions } from "node:child_process";

import { UserError } from "../infra/errors.ts";

/** What a finished child process left behind. */
export interface RunResult {
  code: number;
  stdout: string;
  stderr: string;
}

export interface RunOptions extends Pick<SpawnOptions, "cwd" | "env"> {
  /** Text for the child's standard input. @default nothing */
  input?: string;
  /** Called with each line of either stream as it arrives. @default lines are only collected */
  onLine?: (line: string) => void;
  /** Return a failed result instead of throwing. @default false */
  mayFail?: boolean;
  /** Milliseconds after which the child is ended. @default no limit */
  timeout?: number;
}

/**
 * Runs a program to its end and collects its output.
 *
 * @throws UserError with the last lines of its output when it fails
 */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  const { input, onLine, mayFail = false, timeout, ...spawnOptions } = options;
  const child = spawn(command, args, { ...spawnOptions, ...(timeout === undefined ? {} : { timeout }) });
  const stdout = collect(child.stdout, onLine);
  const stderr = collect(child.stderr, onLine);
  child.stdin?.on("error", () => undefined);
  child.stdin?.end(input);
  const code = await new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exit, signal) => resolve(exit ?? (signal === null ? 1 : 128)));
  }).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === "ENOENT" ? "it is not installed" : error.message;
    throw new UserError({ where: command, message: `could not be started because ${reason}.` });
  });
  const result = { code, stdout: stdout(), stderr: stderr() };
  if (code !== 0 && !mayFail) {
    const tail = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-8).join("\n  ");
    throw new UserError({
      where: [command, ...args].join(" ").slice(0, 160),
      message: `ended with exit code ${code}:\n  ${tail}`,
    });
  }
  return result;
}

function collect(stream: NodeJS.ReadableStream | null, onLine?: (line: string) => void): () => string {
  let text = "";
  let seen = 0;
  stream?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    if (!onLine) return;
    for (let end = text.indexOf("\n", seen); end >= 0; end = text.indexOf("\n", seen)) {
      onLine(text.slice(seen, end));
      seen = end + 1;
    }
  });
  return () => text;
}
