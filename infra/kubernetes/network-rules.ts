import type { networking } from "@pulumi/kubernetes/types/input.js";

import { connections, type Connection, type End } from "../spec/flows.ts";
import { nameSelector } from "./labels.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import { redisStores } from "./queue.ts";
import { exporterPort } from "./redis-exporter.ts";
import type { Target } from "./target.ts";
import { omittedStores } from "./unsupported.ts";

type Spec = networking.v1.NetworkPolicySpec;
type Peer = networking.v1.NetworkPolicyPeer;
type Rule = { peers: Peer[]; port: number };

/**
 * Addresses that are no public destination: this machine, private and shared networks, link-local (with the metadata services
 * of clouds), documentation, benchmarks, multicast and reserved.
 */
const notPublic = [
  "0.0.0.0/8",
  "10.0.0.0/8",
  "100.64.0.0/10",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.2.0/24",
  "192.168.0.0/16",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "224.0.0.0/4",
  "240.0.0.0/4",
];

/** What one workload may do, and the outside hosts that it may reach: a NetworkPolicy knows addresses only, no names. */
export interface WorkloadRules {
  workload: string;
  spec: Spec;
  hosts: string[];
}

/** No pod of the namespace may receive or send anything. */
export function denyAll(): Spec {
  return { podSelector: {}, policyTypes: ["Ingress", "Egress"] };
}

/** Every pod of the namespace may ask the cluster's DNS. */
export function dnsEgress(): Spec {
  return {
    podSelector: {},
    policyTypes: ["Egress"],
    egress: [
      {
        to: [
          {
            namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
            podSelector: { matchLabels: { "k8s-app": "kube-dns" } },
          },
        ],
        ports: [
          { protocol: "UDP", port: 53 },
          { protocol: "TCP", port: 53 },
        ],
      },
    ],
  };
}

/** The rules of every workload that may be reached or may reach something, sorted by name. */
export function workloadRules(target: Target): WorkloadRules[] {
  const allowed = allConnections(target);
  const workloads = [...new Set(allowed.flatMap(({ from, to }) => [...podsOf(from), ...podsOf(to)]))].sort();
  return workloads.map((workload) => {
    const incoming = allowed.filter(({ to }) => podsOf(to).includes(workload));
    const outgoing = allowed.filter(({ from }) => podsOf(from).includes(workload));
    const ingress = byPort(incoming.map(({ from, port }) => ({ peers: peersOf(from), port })));
    const egress = byPort(outgoing.map(({ to, port }) => ({ peers: peersOf(to), port })));
    const hosts = outgoing.flatMap(({ to }) => (to.kind === "outside" ? to.hosts : []));
    return {
      workload,
      spec: {
        podSelector: { matchLabels: nameSelector(workload) },
        policyTypes: ["Ingress", "Egress"],
        ingress: ingress.map(({ peers, port }) => ({ from: peers, ports: [{ protocol: "TCP", port }] })),
        egress: egress.map(({ peers, port }) => ({ to: peers, ports: [{ protocol: "TCP", port }] })),
      },
      hosts: [...new Set(hosts)].sort(),
    };
  });
}

/** The connections of the specification that this stack makes possible, and those of monitoring. */
function allConnections(target: Target): Connection[] {
  const omitted = omittedStores(target);
  return [
    ...connections(target.system).filter(
      ({ from, to }) => from.kind !== "job" && from.kind !== "edge" && !(to.kind === "store" && omitted.has(to.name)),
    ),
    ...redisStores(target.system).map((name) => ({
      from: { kind: "monitoring" } as const,
      to: { kind: "store", name } as const,
      port: exporterPort,
      requirement: "WS-FLW-12",
    })),
    {
      from: { kind: "monitoring" },
      to: { kind: "service", name: alertmanager.name },
      port: alertmanager.port,
      requirement: "WS-SEC-32",
    },
  ];
}

/** The name of the pods at an end, if it is in the namespace. */
function podsOf(end: End): string[] {
  if (end.kind === "monitoring") return [prometheus.name];
  return end.kind === "service" || end.kind === "store" ? [end.name] : [];
}

function peersOf(end: End): Peer[] {
  if (end.kind === "outside") return [{ ipBlock: { cidr: "0.0.0.0/0", except: notPublic } }];
  return podsOf(end).map((name) => ({ podSelector: { matchLabels: nameSelector(name) } }));
}

/** One rule for each port, its peers without repetition, in an order that does not depend on the specification's. */
function byPort(rules: Rule[]): Rule[] {
  const ports = [...new Set(rules.map(({ port }) => port))].sort((a, b) => a - b);
  return ports.map((port) => {
    const texts = rules
      .filter((rule) => rule.port === port)
      .flatMap(({ peers }) => peers.map((peer) => JSON.stringify(peer)));
    return { port, peers: [...new Set(texts)].sort().map((text) => JSON.parse(text) as Peer) };
  });
}
