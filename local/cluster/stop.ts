import { readdir, readFile, readlink, rm } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { withLock } from "../cache.ts";
import { step } from "../progress.ts";
import { run } from "../run.ts";
import { componentNames } from "./components.ts";
import { ctr } from "./containerd.ts";
import { cniResults } from "./network-policy/addresses.ts";
import { policyTable } from "./network-policy/rules.ts";
import { removeNetwork } from "./network.ts";
import { stopComponent } from "./process.ts";
import { clusterName, clusterPath } from "./settings.ts";

const containerGrace = 30_000;
const containerLogs = "/var/log/containers";

/** Ends every component and every container of the cluster. Its data stays, and a later start goes on from there. */
export async function stopCluster(): Promise<void> {
  await withLock(clusterPath("..", "cluster.lock"), stop);
}

/** Ends the cluster and removes everything it made: data, volumes, network, packet rules. Built programs stay in the cache. */
export async function deleteCluster(): Promise<void> {
  await withLock(clusterPath("..", "cluster.lock"), async () => {
    await stop();
    await step("removing the local Kubernetes cluster", async () => {
      await removeRules();
      await removeNetwork();
      await removeTraces();
      await rm(clusterPath(), { recursive: true, force: true });
    });
  });
}

async function stop(): Promise<void> {
  if (!existsSync(clusterPath())) return;
  await step("stopping the local Kubernetes cluster", async (report) => {
    await stopComponent("kubelet");
    report("ending containers");
    await endContainers();
    for (const name of componentNames.toReversed()) await stopComponent(name);
    await unmountAll(clusterPath());
  });
}

/** Containers get the time that pods usually get to end in order; databases use it. */
async function endContainers(): Promise<void> {
  for (const task of await tasks("RUNNING")) await ctr(["tasks", "kill", "--signal", "SIGTERM", task]);
  for (const until = Date.now() + containerGrace; Date.now() < until && (await tasks("RUNNING")).length > 0;)
    await sleep(200);
  for (const task of await tasks("RUNNING")) await ctr(["tasks", "kill", "--signal", "SIGKILL", task]);
  for (const task of await tasks()) await ctr(["tasks", "delete", "--force", task]);
}

async function tasks(state?: string): Promise<string[]> {
  const { stdout } = await ctr(["tasks", "list"]);
  const rows = stdout
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/));
  return rows.filter((row) => row.length >= 3 && (state === undefined || row[2] === state)).map((row) => row[0]!);
}

/** Unmounts everything below a folder, the innermost first. */
async function unmountAll(folder: string): Promise<void> {
  const table = await readFile("/proc/self/mountinfo", "utf8");
  const points = table.split("\n").map((line) => (line.split(" ")[4] ?? "").replaceAll("\\040", " "));
  const ours = points.filter((point) => point.startsWith(`${folder}/`));
  for (const point of ours.reverse()) await run("umount", ["--lazy", point], { mayFail: true });
}

/** What libcni and the kubelet keep in places of their own choosing. */
async function removeTraces(): Promise<void> {
  for (const file of await readdir(cniResults).catch(() => [])) {
    const sandbox = new RegExp(`^${clusterName}-(.*)-eth0$`).exec(file)?.[1];
    if (sandbox === undefined) continue;
    for (const result of [file, `cni-loopback-${sandbox}-lo`]) await rm(join(cniResults, result), { force: true });
  }
  for (const link of await readdir(containerLogs).catch(() => [])) {
    const target = await readlink(join(containerLogs, link)).catch(() => "");
    if (target.startsWith(`${clusterPath()}/`)) await rm(join(containerLogs, link), { force: true });
  }
}

async function removeRules(): Promise<void> {
  for (const table of ["ip kube-proxy", "ip6 kube-proxy", `ip ${policyTable}`]) {
    await run("nft", ["delete", "table", ...table.split(" ")], { mayFail: true });
  }
}
