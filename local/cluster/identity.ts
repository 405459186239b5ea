import { readFile } from "node:fs/promises";

/**
 * What tells one process from every other that ever had the same number: the boot it runs under and the moment it
 * started, in clock ticks since that boot.
 */
export interface ProcessIdentity {
  pid: number;
  startTicks: string;
  boot: string;
}

/** The identity of a running process, or undefined when there is none with that number. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => undefined);
  if (stat === undefined) return undefined;
  const startTicks = startTicksOf(stat);
  return startTicks === undefined ? undefined : { pid, startTicks, boot: await bootId() };
}

/** Whether exactly this process still runs; a recycled number or a zombie does not count. */
export async function isAlive(identity: ProcessIdentity): Promise<boolean> {
  const now = await identify(identity.pid);
  return now !== undefined && now.startTicks === identity.startTicks && now.boot === identity.boot;
}

/** The identity of the running kernel: it changes with every boot. */
export async function bootId(): Promise<string> {
  return (await readFile("/proc/sys/kernel/random/boot_id", "utf8")).trim();
}

/**
 * The start time from a line of `/proc/PID/stat`. The command's name stands in parentheses and may hold anything, so
 * fields count from the last one.
 *
 * @returns undefined for a process that has ended and was not yet collected
 */
export function startTicksOf(stat: string): string | undefined {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  return state === "Z" || state === "X" ? undefined : fields[19];
}
