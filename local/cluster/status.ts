import { readFile } from "node:fs/promises";

import { isNodeReady } from "./node.ts";
import { componentNames } from "./components.ts";
import { runningProcess } from "./process.ts";
import { clusterName } from "./settings.ts";

/** What one part of the cluster does at the moment. */
export interface ComponentReport {
  name: string;
  state: "running" | "stopped" | "not ready";
  /** The process, for those that are one. */
  pid?: number;
  /** Resident memory in MiB, for those that are a process. */
  memory?: number;
}

/** The state of every component, and of the node as the API server sees it. Changes nothing. */
export async function clusterStatus(): Promise<ComponentReport[]> {
  const components = await Promise.all(componentNames.map(reportOn));
  const ready = await isNodeReady().catch(() => undefined);
  const state = ready === undefined ? "stopped" : ready ? "running" : "not ready";
  return [...components, { name: `node ${clusterName}`, state }];
}

async function reportOn(name: string): Promise<ComponentReport> {
  const running = await runningProcess(name);
  if (running === undefined) return { name, state: "stopped" };
  const status = await readFile(`/proc/${running.pid}/status`, "utf8").catch(() => "");
  const kibibytes = Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1] ?? 0);
  return { name, state: "running", pid: running.pid, memory: Math.round(kibibytes / 1024) };
}
