import { connections, type Connection } from "../spec/flows.ts";
import type { System } from "../spec/system.ts";
import { outsideRegistries } from "./network-hosts.ts";
import type { Target } from "./target.ts";

/** One end of a rule that has a security group of its own. A volume is the file system of a service. */
export type GroupEnd =
  | { kind: "service" | "job" | "store" | "volume"; name: string }
  | { kind: "edge" }
  | { kind: "functions" }
  | { kind: "endpoints" };

/** One end of a rule that has none: addresses, or a group of someone else. */
export type OtherEnd =
  | { kind: "internet" }
  /** Every address of the VPC. */
  | { kind: "network" }
  /** The addresses of S3 in the region. */
  | { kind: "s3" }
  /** Nodes of a Kubernetes cluster. */
  | { kind: "cluster"; name: string };

/** What a security group lets in or out: TCP on one port. */
export interface GroupRule {
  direction: "ingress" | "egress";
  group: GroupEnd;
  peer: GroupEnd | OtherEnd;
  port: number;
  /** Requirement ids and purpose, for people. */
  description: string;
}

/** AWS's own interfaces, the outside and the load balancer's public side speak HTTPS; plain HTTP is only redirected. */
const httpsPort = 443;
const httpPort = 80;
/**
 * Where the green set of a blue-green release is tried before it receives the public's requests: inside the VPC, at
 * the load balancer's private addresses.
 */
export const testPort = 8443;
/** EFS speaks NFS. */
const volumePort = 2049;

/** AWS refuses longer descriptions. */
const longestDescription = 255;

/** What every end that talks is called in logical names; no two ends have one name. */
export function endName(end: GroupEnd | OtherEnd): string {
  return "name" in end ? `${end.kind}.${end.name}` : end.kind;
}

/**
 * The security groups of a system, sorted by name. Queues and buckets have none: they are reached as AWS's own
 * services.
 */
export function groupEnds({ system, aws }: Target): GroupEnd[] {
  const workloads = runsHere(aws) ? workloadsOf(system) : [];
  const volumes = workloads.filter((end) => end.kind === "service" && hasVolume(system, end.name));
  const ends: GroupEnd[] = [
    ...workloads,
    ...volumes.map(({ name }) => ({ kind: "volume", name }) as const),
    ...Object.keys(system.stores)
      .filter((name) => hasGroup(system, name))
      .map((name) => ({ kind: "store", name }) as const),
    ...(runsHere(aws) && isPublic(system) ? [{ kind: "edge" } as const] : []),
    { kind: "functions" },
    ...(ownsNetwork(aws) ? [{ kind: "endpoints" } as const] : []),
  ];
  return ends.sort((a, b) => (endName(a) < endName(b) ? -1 : 1));
}

/**
 * Every rule of every security group, sorted; what no rule allows is refused. One connection makes two rules, on the
 * sender's and on the receiver's group. Several reasons for the same rule are told in its description.
 *
 * Metrics are read inside each task, by its collector: flows from monitoring need no rule. Nor do questions to the
 * VPC's own resolver, which security groups do not see.
 *
 * On a Kubernetes cluster the flows are the cluster's matter: stores admit the cluster's nodes.
 */
export function groupRules(target: Target): GroupRule[] {
  const { system, aws } = target;
  const rules = [
    ...connections(system).flatMap((connection) =>
      runsHere(aws) ? connectionRules(target, connection) : clusterRules(target, connection),
    ),
    ...functionRules(target),
    ...(runsHere(aws)
      ? [
          ...workloadsOf(system).flatMap((workload) => serviceRules(target, workload)),
          ...workloadsOf(system).flatMap((workload) => volumeRules(system, workload)),
          ...edgeRules(system),
        ]
      : []),
  ];
  return merged(rules);
}

function connectionRules({ system, aws }: Target, { from, to, port, requirement }: Connection): GroupRule[] {
  if (from.kind === "monitoring" || from.kind === "outside") return [];
  const because = (purpose: string) => `${requirement}: ${purpose}`;
  if (to.kind === "outside") {
    return [egress(from, { kind: "internet" }, httpsPort, because(to.name))];
  }
  if (to.kind === "store" && !hasGroup(system, to.name)) {
    const near = system.stores[to.name]?.engine === "objects" ? "s3" : "network";
    return [egress(from, { kind: ownsNetwork(aws) ? near : "internet" }, httpsPort, because(to.name))];
  }
  if (to.kind !== "service" && to.kind !== "store") return [];
  if (from.kind === "edge" && !isPublic(system)) return [];
  return pair(from, to, port, because(`${sender(from)} to ${to.name}`));
}

function sender(from: Connection["from"]): string {
  return "name" in from ? from.name : from.kind;
}

/** Stores on AWS beside a cluster. */
function clusterRules({ system, aws }: Target, { from, to, port, requirement }: Connection): GroupRule[] {
  if (from.kind === "monitoring" || to.kind !== "store" || !hasGroup(system, to.name)) return [];
  return aws.clusterSecurityGroupIds.map((name) =>
    ingress({ kind: "store", name: to.name }, { kind: "cluster", name }, port, `${requirement}: ${sender(from)}`),
  );
}

/**
 * The way to AWS's own services, which every task needs for its image, secrets and logs, and to the registries of its
 * images.
 *
 * In a network of the system's own it leads to the whole VPC, since GuardDuty adds an endpoint with a group of its
 * own; the way into the system's endpoints names each workload. Where an existing network has its endpoints is not
 * known: there AWS is reached like the internet.
 */
function serviceRules(target: Target, workload: Workload): GroupRule[] {
  if (!ownsNetwork(target.aws)) return [egress(workload, { kind: "internet" }, httpsPort, "AWS services")];
  return [
    ...outsideRegistries(target, workload).map((host) =>
      egress(workload, { kind: "internet" }, httpsPort, `images of ${host}`),
    ),
    egress(workload, { kind: "network" }, httpsPort, "AWS services"),
    egress(workload, { kind: "s3" }, httpsPort, "image layers"),
    ingress({ kind: "endpoints" }, workload, httpsPort, "AWS services"),
  ];
}

/** The operations' functions set up databases, and call services of AWS that have no endpoint. */
function functionRules({ system, aws }: Target): GroupRule[] {
  const functions = { kind: "functions" } as const;
  return [
    ...Object.entries(system.stores).flatMap(([name, store]) =>
      store.engine === "postgres" ? pair(functions, { kind: "store", name }, store.port, "users and passwords") : [],
    ),
    egress(functions, { kind: "internet" }, httpsPort, "AWS services"),
    ...(ownsNetwork(aws) ? [ingress({ kind: "endpoints" }, functions, httpsPort, "AWS services")] : []),
  ];
}

function volumeRules(system: System, workload: Workload): GroupRule[] {
  if (workload.kind === "job" || !hasVolume(system, workload.name)) return [];
  const volumes = Object.values(system.services[workload.name]?.volumes ?? {});
  const because = volumes.map(({ requirement }) => requirement).sort();
  return pair(workload, { kind: "volume", name: workload.name }, volumePort, `${because.join(", ")}: volumes`);
}

/** The internet's way to the load balancer; its way on to the services is a flow. */
function edgeRules(system: System): GroupRule[] {
  if (!isPublic(system)) return [];
  const endpoints = Object.values(system.publicEndpoints);
  const edge = { kind: "edge" } as const;
  const because = [...new Set(endpoints.map(({ requirement }) => requirement))].sort().join(", ");
  const tried = endpoints.some(({ service }) => system.services[service]?.release.strategy === "blue-green");
  return [
    ingress(edge, { kind: "internet" }, httpPort, `${because}: redirected to HTTPS`),
    ingress(edge, { kind: "internet" }, httpsPort, because),
    ...(tried ? [ingress(edge, { kind: "network" }, testPort, `${because}: trying a release`)] : []),
  ];
}

function pair(from: GroupEnd, to: GroupEnd, port: number, description: string): GroupRule[] {
  return [egress(from, to, port, description), ingress(to, from, port, description)];
}

function egress(group: GroupEnd, peer: GroupRule["peer"], port: number, description: string): GroupRule {
  return { direction: "egress", group, peer, port, description };
}

function ingress(group: GroupEnd, peer: GroupRule["peer"], port: number, description: string): GroupRule {
  return { direction: "ingress", group, peer, port, description };
}

/** The logical name of a rule, unique in a system. */
export function ruleName({ direction, group, peer, port }: GroupRule): string {
  return `${endName(group)}.${endName(peer)}.${port}-${direction}`;
}

function merged(rules: readonly GroupRule[]): GroupRule[] {
  const byName = new Map<string, GroupRule[]>();
  for (const rule of rules) byName.set(ruleName(rule), [...(byName.get(ruleName(rule)) ?? []), rule]);
  return [...byName.values()]
    .map((same) => {
      const reasons = [...new Set(same.map(({ description }) => description))].sort().join("; ");
      return { ...(same[0] as GroupRule), description: reasons.slice(0, longestDescription) };
    })
    .sort((a, b) => (ruleName(a) < ruleName(b) ? -1 : 1));
}

type Workload = { kind: "service" | "job"; name: string };

function workloadsOf({ services, jobs }: System): Workload[] {
  return [
    ...Object.keys(services).map((name) => ({ kind: "service", name }) as const),
    ...Object.keys(jobs).map((name) => ({ kind: "job", name }) as const),
  ];
}

/** Whether the system's containers run in this network, rather than in a Kubernetes cluster. */
export function runsHere({ clusterSecurityGroupIds }: Target["aws"]): boolean {
  return clusterSecurityGroupIds.length === 0;
}

/** Whether the program makes the VPC. */
function ownsNetwork({ network }: Target["aws"]): boolean {
  return !("vpcId" in network);
}

function isPublic({ publicEndpoints }: System): boolean {
  return Object.keys(publicEndpoints).length > 0;
}

function hasVolume({ services }: System, name: string): boolean {
  return Object.keys(services[name]?.volumes ?? {}).length > 0;
}

function hasGroup({ stores }: System, name: string): boolean {
  const engine = stores[name]?.engine;
  return engine === "postgres" || engine === "redis";
}
