import type { networking } from "@pulumi/kubernetes/types/input.js";

import { connections, type Connection, type End } from "../spec/flows.ts";
import { ingressOf } from "./edge.ts";
import { nameSelector } from "./labels.ts";
import { managedStores } from "./managed.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import { redisStores } from "./queue.ts";
import { exporterPort } from "./redis-exporter.ts";
import type { Target } from "./target.ts";

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
  const managed = managedStores(target);
  const podsOf = (end: End) => podNames(end, managed);
  const workloads = [...new Set(allowed.flatMap(({ from, to }) => [...podsOf(from), ...podsOf(to)]))].sort();
  return workloads.map((workload) => {
    const incoming = allowed.filter(({ to }) => podsOf(to).includes(workload));
    const outgoing = allowed.filter(({ from }) => podsOf(from).includes(workload));
    const ingress = byPort(incoming.map(({ from, port }) => ({ peers: peersOf(target, managed, from), port })));
    const egress = byPort(outgoing.map(({ to, port }) => ({ peers: peersOf(target, managed, to), port })));
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

/** The connections of the specification, and those of monitoring. */
function allConnections(target: Target): Connection[] {
  return [
    ...connections(target.system),
    ...redisStores(target).map((name) => ({
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
function podNames(end: End, managed: ReadonlySet<string>): string[] {
  switch (end.kind) {
    case "monitoring":
      return [prometheus.name];
    case "service":
    case "job":
      return [end.name];
    case "store":
      return managed.has(end.name) ? [] : [end.name];
    case "edge":
    case "outside":
      return [];
  }
}

function peersOf(target: Target, managed: ReadonlySet<string>, end: End): Peer[] {
  switch (end.kind) {
    case "outside":
      return [{ ipBlock: { cidr: "0.0.0.0/0", except: notPublic } }];
    case "edge":
      return [{ namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": ingressOf(target).namespace } } }];
    default:
      if (end.kind === "store" && managed.has(end.name)) return [{ ipBlock: { cidr: dataRange(target) } }];
      return podNames(end, managed).map((name) => ({ podSelector: { matchLabels: nameSelector(name) } }));
  }
}

/** Where managed stores are: AWS gives them any address of their VPC. */
function dataRange({ settings: { aws } }: Target): string {
  if (aws === undefined) throw new Error("the settings for AWS are missing");
  return aws.network.cidr;
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
