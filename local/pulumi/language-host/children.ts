import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";

const children = new Set<ChildProcess>();

/** Starts Node on a script, in this process's group, so that the engine's signals to the group reach it. */
export function startNode(args: readonly string[], options: SpawnOptions): ChildProcess {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", ...args], options);
  children.add(child);
  const forget = () => children.delete(child);
  child.once("exit", forget).once("error", forget);
  return child;
}

/** How a child ended: its exit code, or a sentence when it was ended by a signal or never started. */
export function finished(child: ChildProcess): Promise<number | string> {
  return new Promise((resolve) => {
    child.once("error", (error) => resolve(`Node could not be started: ${error.message}`));
    child.once("close", (code, signal) => resolve(code ?? `it was ended by ${signal}`));
  });
}

/** Ends every child at once; used when nobody is left to want their work. */
export function endChildren(): void {
  for (const child of children) child.kill("SIGKILL");
}
