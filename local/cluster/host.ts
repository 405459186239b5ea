import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";

const sysResource = 24n;

/** What of this machine the node's configuration depends on. */
export interface Host {
  /** Whether control groups are of version 2 alone. */
  unifiedCgroups: boolean;
  /** Whether processes here may lower their out-of-memory score and raise their limits (CAP_SYS_RESOURCE). */
  maySetLimits: boolean;
  /** Whether the kernel confines containers by AppArmor. */
  appArmor: boolean;
  /** The resolver configuration pods with the node's own DNS get. */
  resolvConf: string;
}

/** Looks at this machine. */
export async function inspectHost(): Promise<Host> {
  const [status, appArmor] = await Promise.all([
    readFile("/proc/self/status", "utf8"),
    readFile("/sys/module/apparmor/parameters/enabled", "utf8").catch(() => "N"),
  ]);
  // systemd-resolved answers on a loopback address that means something else inside a pod; this file names its servers.
  const resolved = "/run/systemd/resolve/resolv.conf";
  return {
    unifiedCgroups: existsSync("/sys/fs/cgroup/cgroup.controllers"),
    maySetLimits: hasCapability(status, sysResource),
    appArmor: appArmor.trim() === "Y" && existsSync("/usr/sbin/apparmor_parser"),
    resolvConf: existsSync(resolved) ? resolved : "/etc/resolv.conf",
  };
}

/** Whether the text of `/proc/PID/status` shows an effective capability. */
export function hasCapability(status: string, capability: bigint): boolean {
  const effective = /^CapEff:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? "0";
  return ((BigInt(`0x${effective}`) >> capability) & 1n) === 1n;
}
