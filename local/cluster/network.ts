import { readFile, writeFile } from "node:fs/promises";
import { networkInterfaces } from "node:os";

import { UserError } from "../../infra/errors.ts";
import { run } from "../run.ts";
import { clusterName, nodeAddress, podRange, serviceRange } from "./settings.ts";

const device = clusterName;
const table = clusterName;

/** The part of `ip -json route` that is read here. */
export interface Route {
  dst: string;
  dev?: string;
}

/** The largest packet that leaves this machine unbroken, in bytes: pods use the same. @default 1500 without a default route */
export async function uplinkMtu(): Promise<number> {
  const { stdout } = await run("ip", ["-json", "route", "show", "default"], { mayFail: true });
  const [route] = JSON.parse(stdout || "[]") as Route[];
  if (route?.dev === undefined) return 1500;
  const mtu = await readFile(`/sys/class/net/${route.dev}/mtu`, "utf8").catch(() => "1500");
  return Number(mtu);
}

/**
 * Gives the node its own interface and address, a way to service addresses, and pods a way out. It never needs a
 * default route, so the cluster works on a machine without network. Each step finds what it made before.
 *
 * @throws UserError when another network of this machine uses the same addresses
 */
export async function ensureNetwork(): Promise<void> {
  await requireOwnRanges();
  const present = await run("ip", ["link", "show", device], { mayFail: true });
  // A bridge without ports: the one kind of interface with an address that every kernel fit for containers has.
  if (present.code !== 0) await run("ip", ["link", "add", device, "type", "bridge"]);
  await run("ip", ["address", "replace", `${nodeAddress}/32`, "dev", device]);
  await run("ip", ["link", "set", device, "up"]);
  await run("ip", ["route", "replace", serviceRange, "dev", device, "src", nodeAddress]);
  await writeFile("/proc/sys/net/ipv4/ip_forward", "1");
  await run("nft", ["-f", "-"], { input: masquerade() });
  await ensureForwarding("-I");
}

/** Whether the node's interface is there with its address. */
export async function isNetworkUp(): Promise<boolean> {
  return networkInterfaces()[device]?.some(({ address }) => address === nodeAddress) ?? false;
}

/** Takes back everything `ensureNetwork` made, except that packets may still be forwarded by this machine. */
export async function removeNetwork(): Promise<void> {
  await ensureForwarding("-D");
  await run("nft", ["delete", "table", "ip", table], { mayFail: true });
  await run("ip", ["link", "delete", device], { mayFail: true });
}

/** Rules by which pods reach the world under this machine's address; loading them again replaces them as a whole. */
export function masquerade(): string {
  return [
    `table ip ${table}`,
    `delete table ip ${table}`,
    `table ip ${table} {`,
    "  chain postrouting {",
    "    type nat hook postrouting priority srcnat; policy accept;",
    `    ip saddr ${podRange} ip daddr != { ${podRange}, ${serviceRange} } masquerade`,
    "  }",
    "}",
    "",
  ].join("\n");
}

/** The routes of other interfaces that overlap with the cluster's ranges. */
export function overlapping(routes: readonly Route[]): Route[] {
  return routes.filter(
    ({ dst, dev }) =>
      dst !== "default" &&
      dev !== device &&
      [podRange, serviceRange].some((range) => overlap(dst, range)) &&
      !isPodRoute(dst),
  );
}

async function requireOwnRanges(): Promise<void> {
  const { stdout } = await run("ip", ["-json", "-4", "route", "show"]);
  const foreign = overlapping(JSON.parse(stdout || "[]") as Route[]);
  if (foreign.length === 0) return;
  throw new UserError(
    foreign.map(({ dst, dev = "another interface" }) => ({
      where: `network ${dst}`,
      message: `${dev} uses addresses that the local cluster needs (${podRange} and ${serviceRange}); remove that route, or use a cluster of your own with --context.`,
    })),
  );
}

/** Docker and some firewalls drop what they do not know in `FORWARD`; pods' packets are then let through by name. */
async function ensureForwarding(action: "-I" | "-D"): Promise<void> {
  for (const direction of ["-s", "-d"]) {
    const rule = ["FORWARD", direction, podRange, "-m", "comment", "--comment", clusterName, "-j", "ACCEPT"];
    const present = (await run("iptables", ["-w", "-C", ...rule], { mayFail: true })).code === 0;
    if (present === (action === "-I")) continue;
    const policy = action === "-I" ? (await run("iptables", ["-w", "-S", "FORWARD"], { mayFail: true })).stdout : "";
    if (action === "-D" || policy.includes("-P FORWARD DROP")) await run("iptables", ["-w", action, ...rule]);
  }
}

/** Each running pod has a route of its own to its host address. */
function isPodRoute(destination: string): boolean {
  return !destination.includes("/") && overlap(destination, podRange);
}

function overlap(left: string, right: string): boolean {
  const [a, b] = [range(left), range(right)];
  return a.first <= b.last && b.first <= a.last;
}

function range(cidr: string): { first: number; last: number } {
  const [address = "", bits = "32"] = cidr.split("/");
  const size = 2 ** (32 - Number(bits));
  const number = address.split(".").reduce((sum, byte) => sum * 256 + Number(byte), 0);
  const first = Math.floor(number / size) * size;
  return { first, last: first + size - 1 };
}
