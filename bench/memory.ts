import { readFile } from "node:fs/promises";

import { commandOf, descendants } from "../local/testing/processes.ts";
import type { Figure } from "./measure.ts";

/** What a process of a preview is, by its command line. */
const roles: [name: string, pattern: RegExp][] = [
  ["policy pack", /run-policy-pack/],
  ["program", /cmd\/run( |$|\/index)/],
  ["plugin kubernetes", /plugins\/kubernetes|resource-kubernetes/],
  ["plugin random", /plugins\/random|resource-random/],
  ["CLI and engine", /\/pulumi preview/],
  // The language host's own modules are preloaded into the program and the pack as well.
  ["language host", /language-host/],
];

const sampleMilliseconds = 50;

/** The most memory that each process of some work held, found among the descendants of this process. */
export async function memoryOf(work: () => Promise<unknown>): Promise<Figure[]> {
  const peaks = new Map<string, number>();
  let running = true;
  const sampling = (async () => {
    while (running) {
      await sample(peaks);
      await new Promise((resolve) => setTimeout(resolve, sampleMilliseconds));
    }
  })();
  await work();
  running = false;
  await sampling;
  return roles.flatMap(([role]) => {
    const kilobytes = peaks.get(role);
    return kilobytes === undefined ? [] : [{ name: `memory of ${role}`, value: `${Math.round(kilobytes / 1024)} MiB` }];
  });
}

async function sample(peaks: Map<string, number>): Promise<void> {
  for (const pid of await descendants(process.pid)) {
    const command = await commandOf(pid);
    const peak = Number(/VmHWM:\s+(\d+) kB/.exec(await readOrEmpty(`/proc/${pid}/status`))?.[1] ?? 0);
    const role = roles.find(([, pattern]) => pattern.test(command))?.[0];
    if (role !== undefined) peaks.set(role, Math.max(peaks.get(role) ?? 0, peak));
  }
}

const readOrEmpty = (file: string) => readFile(file, "utf8").catch(() => "");
