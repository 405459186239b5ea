import { readdir, readFile } from "node:fs/promises";

import { paths } from "../settings.ts";

/** Kills every container of the cluster and the shim that watches it, as the end of the machine would. */
export async function killContainers(): Promise<number> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const shims = new Set<number>();
  const parents = new Map<number, number>();
  for (const pid of pids) {
    const [command, stat] = await Promise.all(
      ["cmdline", "stat"].map((file) => readFile(`/proc/${pid}/${file}`, "utf8").catch(() => "")),
    );
    const words = command!.split("\0");
    if (words[0]?.includes("containerd-shim") && words.includes(paths.containerdSocket())) shims.add(pid);
    parents.set(pid, Number(stat!.slice(stat!.lastIndexOf(")") + 2).split(" ")[1]));
  }
  const containers = pids.filter((pid) => shims.has(parents.get(pid) ?? 0));
  for (const pid of [...shims, ...containers]) process.kill(pid, "SIGKILL");
  return containers.length;
}
