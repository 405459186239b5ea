import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { goBuild } from "../../../local/go.ts";

/** A pod as the evaluator reads it. */
export interface EvaluatedPod {
  metadata?: Record<string, unknown>;
  spec: Record<string, unknown>;
}

/**
 * The ids of the upstream Pod Security checks that forbid each pod, in their newest version.
 *
 * The program around the upstream module is built when it is not in the cache.
 */
export async function evaluate(pods: readonly EvaluatedPod[]): Promise<string[][]> {
  const child = spawn(await goBuild({ name: "pod-security", module: import.meta.dirname }), {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const output = text(child.stdout);
  child.stdin.end(pods.map((pod) => `${JSON.stringify(pod)}\n`).join(""));
  const lines = (await output).split("\n").filter((line) => line !== "");
  const [code] = (await exited) as [number | null];
  if (code !== 0 || lines.length !== pods.length) {
    throw new Error(`The evaluator judged ${lines.length} of ${pods.length} pods and ended with code ${code}.`);
  }
  return lines.map((line) => JSON.parse(line) as string[]);
}
