import { spawn } from "node:child_process";
import { chmod, mkdir, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../infra/errors.ts";
import { contentKey } from "../cache.ts";
import { identify, isAlive, type ProcessIdentity } from "./identity.ts";
import { holders, occupiedPorts, requireFree } from "./ports.ts";
import { clusterPath, type Address } from "./settings.ts";

/** One long-running program of the cluster, kept as a detached process. */
export interface Component {
  name: string;
  command: string;
  args: readonly string[];
  /** The configuration files it reads: path to content. They are written before each start, readable by their owner only. */
  files: Readonly<Record<string, string>>;
  /** What else of it asks for a restart when it changes: the sources of a script. @default nothing */
  revision?: string;
  /** Where it listens; each must be free before a start. */
  listens: readonly Address[];
  /** Whether it does its work now. */
  ready: () => Promise<boolean>;
  /** Done before each start. @default nothing */
  prepare?: () => Promise<void>;
}

/** What is known of a component's process. */
export type ComponentState = "running" | "outdated" | "stopped";

interface PidFile extends ProcessIdentity {
  fingerprint: string;
}

const startLimit = 90_000;
const healLimit = 15_000;
const stopLimit = 20_000;
const logLimit = 8 * 1024 * 1024;
const marker = "AGENT_COMMERCE_COMPONENT";

/** The log file of a component; the one before it has the same name with `.1`. */
export function logFile(name: string): string {
  return clusterPath("logs", `${name}.log`);
}

/** Everything that, when changed, asks for a restart of the component. */
export function fingerprint({ command, args, files, revision }: Component): string {
  return contentKey(JSON.stringify([command, args, files, revision]));
}

/** Whether the component's process lives, and with today's configuration. */
export async function componentState(component: Component): Promise<ComponentState> {
  const file = await readPidFile(component.name);
  if (file === undefined || !(await isAlive(file))) return "stopped";
  return file.fingerprint === fingerprint(component) ? "running" : "outdated";
}

/** The process of a component, or undefined when it does not run. */
export async function runningProcess(name: string): Promise<ProcessIdentity | undefined> {
  const file = await readPidFile(name);
  return file !== undefined && (await isAlive(file)) ? file : undefined;
}

/** Whether the component runs as configured and does its work. */
export async function isHealthy(component: Component): Promise<boolean> {
  const running = async () => (await componentState(component)) === "running";
  // Asked again at the end: a process that was just killed may have given its last answer.
  return (await running()) && (await component.ready().catch(() => false)) && (await running());
}

/**
 * Brings one component to health: leaves it alone when it is, waits for one that is still starting, and replaces
 * one that is dead, stuck or configured differently.
 *
 * @returns whether a process was started
 * @throws UserError when a port is taken, or with the end of its log when it does not become ready
 */
export async function ensureRunning(component: Component): Promise<boolean> {
  if ((await componentState(component)) === "running") {
    if (await becomesReady(component, healLimit)) return false;
  }
  await stopComponent(component.name);
  await stopStray(component);
  await requireFree(component.name, component.listens);
  await component.prepare?.();
  await launch(component);
  if (!(await becomesReady(component, startLimit))) throw await notReady(component);
  return true;
}

/**
 * Refuses to start anything while a port that any of the components needs is taken by another program.
 *
 * @throws UserError naming every such port and what holds it
 */
export async function requirePorts(components: readonly Component[]): Promise<void> {
  const problems = await Promise.all(
    components.map(async (component) => {
      if ((await runningProcess(component.name)) !== undefined) return [];
      await stopStray(component);
      return await occupiedPorts(component.name, component.listens);
    }),
  );
  if (problems.flat().length > 0) throw new UserError(problems.flat());
}

/** Ends the component's process, first politely; does nothing when it is not running. */
export async function stopComponent(name: string): Promise<void> {
  const file = await readPidFile(name);
  if (file) await end(file);
  await rm(pidFile(name), { force: true });
}

async function end(identity: ProcessIdentity): Promise<void> {
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (!(await isAlive(identity))) return;
    process.kill(identity.pid, signal);
    for (const until = Date.now() + stopLimit; Date.now() < until && (await isAlive(identity));) await sleep(50);
  }
}

/** A start that was itself killed leaves a process without a pid file; its environment still says that it is ours. */
async function stopStray(component: Component): Promise<void> {
  for (const { pid } of (await holders(component.listens)).values()) {
    const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
    const identity = await identify(pid);
    if (identity && environment.split("\0").includes(`${marker}=${pidFile(component.name)}`)) await end(identity);
  }
}

async function launch(component: Component): Promise<void> {
  for (const [path, content] of Object.entries(component.files)) {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    await writeFile(path, content, { mode: 0o600 });
    await chmod(path, 0o600);
  }
  const log = await openLog(component.name);
  const directory = clusterPath("run");
  await mkdir(directory, { recursive: true, mode: 0o700 });
  try {
    const child = spawn(component.command, component.args, {
      cwd: directory,
      detached: true,
      stdio: ["ignore", log.fd, log.fd],
      env: {
        PATH: process.env["PATH"] ?? "/usr/sbin:/usr/bin:/sbin:/bin",
        HOME: directory,
        [marker]: pidFile(component.name),
      },
    });
    await new Promise<void>((resolve, reject) => child.once("spawn", resolve).once("error", reject));
    child.unref();
    const identity = child.pid === undefined ? undefined : await identify(child.pid);
    if (identity) await writePidFile(component.name, { ...identity, fingerprint: fingerprint(component) });
  } finally {
    await log.close();
  }
}

async function openLog(name: string) {
  const path = logFile(name);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const size = await stat(path)
    .then((found) => found.size)
    .catch(() => 0);
  if (size > logLimit) await rename(path, `${path}.1`);
  return await open(path, "a", 0o600);
}

async function becomesReady(component: Component, limit: number): Promise<boolean> {
  for (const until = Date.now() + limit; Date.now() < until; await sleep(100)) {
    const ready = await component.ready().catch(() => false);
    if ((await componentState(component)) === "stopped") return false;
    if (ready) return true;
  }
  return false;
}

async function notReady(component: Component): Promise<UserError> {
  const stopped = (await componentState(component)) === "stopped";
  const log = await readFile(logFile(component.name), "utf8").catch(() => "");
  const tail = log
    .trim()
    .split("\n")
    .slice(-6)
    .map((line) => line.slice(0, 300));
  const what = stopped ? "ended right after its start" : `was not ready after ${startLimit / 1000} s`;
  return new UserError({
    where: component.name,
    message: `${what}; the end of ${logFile(component.name)} says:\n  ${tail.join("\n  ")}`,
  });
}

function pidFile(name: string): string {
  return clusterPath("run", `${name}.pid`);
}

async function readPidFile(name: string): Promise<PidFile | undefined> {
  const text = await readFile(pidFile(name), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as PidFile;
  } catch {
    return undefined;
  }
}

async function writePidFile(name: string, content: PidFile): Promise<void> {
  const temporary = `${pidFile(name)}.tmp`;
  await writeFile(temporary, JSON.stringify(content), { mode: 0o600 });
  await rename(temporary, pidFile(name));
}
