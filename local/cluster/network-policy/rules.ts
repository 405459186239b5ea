import type { V1NetworkPolicy, V1NetworkPolicyPeer, V1NetworkPolicyPort } from "@kubernetes/client-node";

import { selects, type Labels } from "./selector.ts";

/** A pod with an address of its own. */
export interface PolicyPod {
  namespace: string;
  labels: Labels;
  address: string;
  /** Its containers' ports that have a name. */
  namedPorts: readonly { name: string; port: number; protocol: string }[];
}

/** Everything that decides which packets pass. */
export interface PolicyState {
  /** The range of all pods' addresses, and the node's address in it. */
  podRange: string;
  nodeAddress: string;
  pods: readonly PolicyPod[];
  /** The labels of each namespace, by its name. */
  namespaces: Readonly<Record<string, Labels>>;
  policies: readonly V1NetworkPolicy[];
}

/** The name of the packet filter's table. */
export const policyTable = "agent-commerce-policy";

/** Who is on the other side of a rule, and at which ports. */
interface Rule {
  peers: readonly V1NetworkPolicyPeer[];
  ports: readonly V1NetworkPolicyPort[];
}

type Direction = "ingress" | "egress";

/**
 * The packet filter, as nftables text, that enforces the policies. Loading it replaces the one before as a whole.
 *
 * A pod that a policy chooses passes only what one of its policies allows; packets of an address that belongs to no
 * known pod yet are dropped, and the sender tries again, so that no pod is open before it is known. What comes from the
 * node itself always passes, as Kubernetes demands for its probes.
 */
export function policyRules(state: PolicyState): string {
  const chains: string[] = [];
  const jumps: Record<Direction, string[]> = { ingress: [], egress: [] };
  for (const pod of state.pods) {
    for (const direction of ["ingress", "egress"] as const) {
      const applying = state.policies.filter((policy) => applies(policy, pod, direction));
      if (applying.length === 0) continue;
      const chain = `${direction}-${pod.address.replaceAll(".", "-")}`;
      const lines = applying.flatMap((policy) =>
        rulesOf(policy, direction).flatMap((rule) => allow(state, policy, pod, rule, direction)),
      );
      chains.push(block(`chain ${chain}`, [...new Set(lines), "drop"]));
      jumps[direction].push(`${pod.address} : jump ${chain}`);
    }
  }
  const known = set([state.nodeAddress, ...state.pods.map((pod) => pod.address)]);
  const unknown = (side: string) => `ip ${side} ${state.podRange} ip ${side} != ${known} drop`;
  const dispatch = (side: string, direction: Direction) =>
    jumps[direction].length === 0 ? [] : [`ip ${side} vmap { ${jumps[direction].join(", ")} }`];
  const established = "ct state established,related accept";
  const body = [
    ...chains,
    block("chain egress", [unknown("saddr"), ...dispatch("saddr", "egress")]),
    block("chain ingress", [unknown("daddr"), ...dispatch("daddr", "ingress")]),
    block("chain forward", [
      "type filter hook forward priority filter; policy accept;",
      established,
      "jump egress",
      "jump ingress",
    ]),
    block("chain input", ["type filter hook input priority filter; policy accept;", established, "jump egress"]),
  ];
  return `table ip ${policyTable}\ndelete table ip ${policyTable}\n${block(`table ip ${policyTable}`, body)}\n`;
}

function applies({ metadata, spec }: V1NetworkPolicy, pod: PolicyPod, direction: Direction): boolean {
  if (metadata?.namespace !== pod.namespace || !spec) return false;
  const types = spec.policyTypes ?? (spec.egress === undefined ? ["Ingress"] : ["Ingress", "Egress"]);
  const wanted = direction === "ingress" ? "Ingress" : "Egress";
  return types.includes(wanted) && selects(spec.podSelector ?? {}, pod.labels);
}

function rulesOf({ spec }: V1NetworkPolicy, direction: Direction): Rule[] {
  return direction === "ingress"
    ? (spec?.ingress ?? []).map(({ _from = [], ports = [] }) => ({ peers: _from, ports }))
    : (spec?.egress ?? []).map(({ to = [], ports = [] }) => ({ peers: to, ports }));
}

/** One line for each combination of peers and ports that a rule lets pass. */
function allow(
  state: PolicyState,
  policy: V1NetworkPolicy,
  pod: PolicyPod,
  { peers, ports }: Rule,
  direction: Direction,
): string[] {
  const side = direction === "ingress" ? "saddr" : "daddr";
  const namespace = policy.metadata?.namespace ?? "";
  const lines: string[] = [];
  for (const peer of peers.length > 0 ? peers : [undefined]) {
    const others = peer?.ipBlock
      ? []
      : state.pods.filter((other) => peer === undefined || isPeer(state, peer, namespace, other));
    const address =
      peer === undefined ? "" : peer.ipBlock ? addressBlock(peer.ipBlock, side) : addressSet(others, side);
    if (address === undefined) continue;
    for (const port of ports.length > 0 ? ports : [undefined]) {
      if (typeof port?.port !== "string") lines.push(`${address}${portMatch(port)}return`);
      else lines.push(...namedPort(port.port, port.protocol ?? "TCP", direction, pod, others, address));
    }
  }
  return lines;
}

/** A port's name means what the pod that is connected to calls so. */
function namedPort(
  name: string,
  protocol: string,
  direction: Direction,
  pod: PolicyPod,
  others: readonly PolicyPod[],
  address: string,
): string[] {
  const numbers = (target: PolicyPod) =>
    target.namedPorts.filter((known) => known.name === name && known.protocol === protocol).map(({ port }) => port);
  const match = (port: number) => `${protocol.toLowerCase()} dport ${port} return`;
  if (direction === "ingress") return numbers(pod).map((port) => `${address}${match(port)}`);
  return others.flatMap((other) => numbers(other).map((port) => `ip daddr ${other.address} ${match(port)}`));
}

function isPeer(state: PolicyState, peer: V1NetworkPolicyPeer, namespace: string, pod: PolicyPod): boolean {
  const inNamespace = peer.namespaceSelector
    ? selects(peer.namespaceSelector, state.namespaces[pod.namespace] ?? {})
    : pod.namespace === namespace;
  return inNamespace && selects(peer.podSelector ?? {}, pod.labels);
}

function addressSet(pods: readonly PolicyPod[], side: string): string | undefined {
  return pods.length === 0 ? undefined : `ip ${side} ${set(pods.map((pod) => pod.address))} `;
}

/** The cluster speaks IPv4 only, so a block of IPv6 addresses allows nothing. */
function addressBlock({ cidr, except = [] }: { cidr: string; except?: string[] }, side: string): string | undefined {
  if (cidr.includes(":")) return undefined;
  const excluded = except.filter((range) => !range.includes(":"));
  return `ip ${side} ${cidr} ${excluded.length > 0 ? `ip ${side} != ${set(excluded)} ` : ""}`;
}

function portMatch(port: V1NetworkPolicyPort | undefined): string {
  if (port === undefined) return "";
  const protocol = (port.protocol ?? "TCP").toLowerCase();
  if (port.port === undefined) return `meta l4proto ${protocol} `;
  const last = port.endPort === undefined || port.endPort === port.port ? "" : `-${port.endPort}`;
  return `${protocol} dport ${String(port.port)}${last} `;
}

function set(elements: readonly string[]): string {
  return `{ ${elements.join(", ")} }`;
}

function block(head: string, lines: readonly string[]): string {
  const indented = lines.flatMap((line) => line.split("\n")).map((line) => `  ${line}`);
  return [`${head} {`, ...indented, "}"].join("\n");
}
