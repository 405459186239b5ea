import { existsSync } from "node:fs";
import { mkdir, readFile, statfs } from "node:fs/promises";
import { join } from "node:path";

import { UserError, type Problem } from "../../infra/errors.ts";
import { cachePath } from "../cache.ts";
import { ensureDebianPackages } from "../packages.ts";
import { clusterPath, paths } from "./settings.ts";

/** Programs of the system that the cluster runs, and the Debian package each comes with. */
const tools = {
  etcd: "etcd-server",
  containerd: "containerd",
  ctr: "containerd",
  runc: "runc",
  nft: "nftables",
  iptables: "iptables",
  conntrack: "conntrack",
  ip: "iproute2",
  mount: "mount",
} as const;

const cniFolders = ["/usr/lib/cni", "/opt/cni/bin"];
const gigabyte = 1024 ** 3;
/** Unix socket paths hold 107 characters; the longest below the cluster's folder is the kubelet's. */
const longestFolder = 60;

/** What the machine has for the cluster. */
export interface Tools {
  etcd: string;
  containerd: string;
  cniPlugins: string;
}

/**
 * Finds the system's programs and installs those that are missing; a containerd or runc that came another way is used
 * as it is.
 *
 * @throws UserError naming everything this machine lacks
 */
export async function ensureTools(): Promise<Tools> {
  requireMachine();
  const wanted = Object.entries(tools).filter(([tool]) => which(tool) === undefined);
  const packages = new Set<string>(wanted.map(([, name]) => name));
  if (!cniFolders.some(hasPlugins)) packages.add("containernetworking-plugins");
  if (packages.size > 0) await ensureDebianPackages([...packages].sort(), "the local Kubernetes cluster");
  const cniPlugins = cniFolders.find(hasPlugins);
  const [etcd, containerd] = [which("etcd"), which("containerd")];
  if (etcd === undefined || containerd === undefined || cniPlugins === undefined) {
    throw new UserError({
      where: "PATH",
      message:
        "etcd, containerd and the CNI plugins ptp and host-local must be installed; one of them is missing even after its package was.",
    });
  }
  return { etcd, containerd, cniPlugins };
}

/**
 * Checks that the disk has room before anything large is written there.
 *
 * @param gigabytes how much is needed
 * @throws UserError naming what is free and what is needed
 */
export async function requireDisk(gigabytes: number, what: string): Promise<void> {
  await mkdir(cachePath(), { recursive: true });
  const { bavail, bsize } = await statfs(cachePath());
  const free = (bavail * bsize) / gigabyte;
  if (free >= gigabytes) return;
  throw new UserError({
    where: cachePath(),
    message: `${free.toFixed(1)} GiB are free and ${what} needs ${gigabytes} GiB; make room, or name a folder on another disk in AGENT_COMMERCE_CACHE.`,
  });
}

/** The resolver configuration at a path; empty when there is none. */
export async function readResolvConf(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => "");
}

/** @throws UserError when the local cluster cannot run on this machine, as this user or in this cache at all */
export function requireMachine(): void {
  const problems: Problem[] = [];
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    problems.push({
      where: `${process.platform} ${process.arch}`,
      message: "the local cluster needs Linux on x64 or arm64; use a cluster of your own with --context.",
    });
  } else if (process.getuid?.() !== 0) {
    problems.push({
      where: "user",
      message:
        "the local cluster runs containers and sets up a network, which only root can; start again as root, or use a cluster of your own with --context.",
    });
  }
  if (clusterPath().length > longestFolder) {
    problems.push({
      where: paths.containerdSocket(),
      message: `sockets below this folder would exceed the 107 characters Linux allows; set AGENT_COMMERCE_CACHE so that ${clusterPath()} has at most ${longestFolder}.`,
    });
  }
  if (problems.length > 0) throw new UserError(problems);
}

function which(tool: string): string | undefined {
  const folders = [...(process.env["PATH"] ?? "").split(":"), "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
  return folders.map((folder) => join(folder, tool)).find((file) => existsSync(file));
}

function hasPlugins(folder: string): boolean {
  return ["ptp", "host-local", "loopback"].every((plugin) => existsSync(join(folder, plugin)));
}
