import { readdir, readFile, readlink } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError, type Problem } from "../../infra/errors.ts";
import type { Address } from "./settings.ts";

/** A process that listens on a port. */
export interface Holder {
  pid: number;
  command: string;
}

/** A listening TCP socket of this machine. */
export interface Listener {
  /** The address in the kernel's notation: hexadecimal, the bytes of each word in host order. */
  hexAddress: string;
  port: number;
  inode: string;
}

const listenState = "0A";
const closing = 3_000;
const anyAddress = /^0+$/;

/** The listening sockets in the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
export function parseListeners(table: string): Listener[] {
  return table
    .split("\n")
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === listenState)
    .map((fields) => {
      const [hexAddress = "", hexPort = "0"] = (fields[1] ?? "").split(":");
      return { hexAddress, port: Number.parseInt(hexPort, 16), inode: fields[9] ?? "" };
    });
}

/** Whether a listener takes the connections, or prevents the binding, of an IPv4 address. */
export function occupies(listener: Listener, address: Address): boolean {
  if (listener.port !== address.port) return false;
  const hex = address.host
    .split(".")
    .reverse()
    .map((byte) => Number(byte).toString(16).padStart(2, "0"))
    .join("")
    .toUpperCase();
  return (
    anyAddress.test(listener.hexAddress) ||
    listener.hexAddress === hex ||
    listener.hexAddress.endsWith(`FFFF0000${hex}`)
  );
}

/** Who listens on each of the addresses; an address nobody listens on is missing from the result. */
export async function holders(wanted: readonly Address[]): Promise<Map<Address, Holder>> {
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/net/${name}`, "utf8").catch(() => "")),
  );
  const listeners = tables.flatMap(parseListeners);
  const found = new Map<Address, Holder>();
  for (const address of wanted) {
    const listener = listeners.find((candidate) => occupies(candidate, address));
    if (listener) found.set(address, await ownerOf(listener.inode));
  }
  return found;
}

/**
 * Refuses to go on while another program listens where a component must.
 *
 * @throws UserError naming each port and what holds it
 */
export async function requireFree(component: string, wanted: readonly Address[]): Promise<void> {
  const problems = await occupiedPorts(component, wanted);
  if (problems.length > 0) throw new UserError(problems);
}

/**
 * The ports a component needs and another program listens on. A port without an owner gets a moment: the kernel closes
 * the sockets of a process that has just ended a little later than the process itself.
 */
export async function occupiedPorts(component: string, wanted: readonly Address[]): Promise<Problem[]> {
  let held = await holders(wanted);
  for (const until = Date.now() + closing; Date.now() < until; held = await holders(wanted)) {
    if (![...held.values()].some(({ pid }) => pid === 0)) break;
    await sleep(50);
  }
  return [...held].map(([address, holder]) => occupied(component, address, holder));
}

function occupied(component: string, { host, port }: Address, { pid, command }: Holder): Problem {
  const who = pid === 0 ? "another program" : `process ${pid} (${command})`;
  return {
    where: `${host}:${port}`,
    message: `${component} needs this port and ${who} listens on it; end that program, or use a cluster of your own with --context.`,
  };
}

async function ownerOf(inode: string): Promise<Holder> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
  for (const pid of pids) {
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const target = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "");
      if (target !== `socket:[${inode}]`) continue;
      const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
      return { pid: Number(pid), command: command.split("\0").slice(0, 2).join(" ").trim() };
    }
  }
  return { pid: 0, command: "" };
}
