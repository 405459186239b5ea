import { load } from "js-yaml";

import type { Observed, ObservedWorkload } from "./observed.ts";
import type { RecordedResource } from "./record.ts";

interface Container {
  command?: string[];
  env: { name: string; value: string }[];
  ports: { name: string; containerPort: number }[];
  resources: { requests: { cpu: string; memory: string }; limits: { memory: string } };
  livenessProbe?: { httpGet: { path: string; port: string } };
}
interface Template {
  metadata: { labels: Record<string, string> };
  spec: { containers: Container[]; volumes: { name: string; secret?: { secretName: string } }[] };
}
interface Peer {
  podSelector?: { matchLabels: Record<string, string> };
  namespaceSelector?: object;
  ipBlock?: { cidr: string };
}
interface Inputs {
  metadata: { name: string; labels: Record<string, string> };
  spec: {
    template?: Template;
    jobTemplate?: { spec: { template: Template } };
    schedule?: string;
    scaleTargetRef?: { name: string };
    minReplicas?: number;
    maxReplicas?: number;
    encryptedData?: Record<string, string>;
    podSelector?: { matchLabels?: Record<string, string> };
    ingress?: { from: Peer[]; ports: { port: number }[] }[];
    egress?: { to: Peer[]; ports: { port: number }[] }[];
  };
  data?: Record<string, string>;
}

const nameLabel = "app.kubernetes.io/name";

/**
 * What the objects of a system in a cluster show. Ends of flows: a service, job or store in the cluster by its name, "stores"
 * for the network of managed stores, "internet", and "edge".
 *
 * @param names of services and jobs: what else runs in the namespace is the target's own
 */
export function observeKubernetes(resources: readonly RecordedResource[], names: ReadonlySet<string>): Observed {
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:")) as unknown as (Omit<
    RecordedResource,
    "inputs"
  > & { inputs: Inputs })[];
  const kind = (name: string) => objects.filter(({ type }) => type.endsWith(`:${name}`)).map(({ inputs }) => inputs);
  const sealed = new Map(
    kind("SealedSecret").map(({ metadata, spec }) => [metadata.name, Object.keys(spec.encryptedData ?? {})]),
  );
  const templates = [...kind("Deployment"), ...kind("StatefulSet"), ...kind("Job"), ...kind("CronJob")].map(
    ({ spec }) => (spec.template ?? spec.jobTemplate?.spec.template) as Template,
  );
  return {
    workloads: Object.fromEntries(
      templates
        .map((template) => [template.metadata.labels[nameLabel] ?? "", template] as const)
        .filter(([name]) => names.has(name))
        .map(([name, template]) => [name, workload(template, sealed)]),
    ),
    flows: [...new Set(kind("NetworkPolicy").flatMap((policy) => flows(policy, names)))].sort(),
    alerts: kind("ConfigMap").flatMap(({ data }) => rules(data?.["alerts.yml"])),
    scaling: Object.fromEntries(
      kind("HorizontalPodAutoscaler").map(({ metadata, spec }) => [
        metadata.labels[nameLabel] ?? "",
        [spec.minReplicas ?? 0, spec.maxReplicas ?? 0],
      ]),
    ),
    schedules: Object.fromEntries(kind("CronJob").map(({ metadata, spec }) => [metadata.name, spec.schedule ?? ""])),
    gates: kind("Job").map(({ metadata }) => metadata.labels[nameLabel] ?? ""),
  };
}

function workload({ spec }: Template, sealed: ReadonlyMap<string, string[]>): ObservedWorkload {
  const [container] = spec.containers as [Container];
  const { requests, limits } = container.resources;
  const ports = Object.fromEntries(container.ports.map(({ name, containerPort }) => [name, containerPort]));
  const asked = container.livenessProbe?.httpGet;
  return {
    command: container.command,
    plain: Object.fromEntries(container.env.map(({ name, value }) => [name, value])),
    secret: spec.volumes.flatMap(({ name, secret }) =>
      name === "secrets" && secret ? (sealed.get(secret.secretName) ?? []) : [],
    ),
    ports,
    resources: {
      cpu: Math.round((Number.parseInt(requests.cpu) * 1024) / 1000),
      memory: Number.parseInt(requests.memory),
      mostMemory: Number.parseInt(limits.memory),
    },
    liveness: asked && `${ports[asked.port]}${asked.path}`,
  };
}

function flows({ spec }: Inputs, names: ReadonlySet<string>): string[] {
  const self = spec.podSelector?.matchLabels?.[nameLabel];
  if (self === undefined || !names.has(self)) return [];
  const outgoing = (spec.egress ?? []).flatMap(({ to, ports }) =>
    to.map((peer) => `${self} > ${place(peer)}:${ports[0]?.port}`),
  );
  const incoming = (spec.ingress ?? []).flatMap(({ from, ports }) =>
    from.filter((peer) => peer.namespaceSelector).map(() => `edge > ${self}:${ports[0]?.port}`),
  );
  return [...outgoing, ...incoming];
}

function place({ podSelector, ipBlock }: Peer): string {
  if (ipBlock) return ipBlock.cidr === "0.0.0.0/0" ? "internet" : "stores";
  return podSelector?.matchLabels[nameLabel] ?? "";
}

function rules(text: string | undefined): string[] {
  if (text === undefined) return [];
  const { groups } = load(text) as {
    groups: { rules: { alert: string; labels: { severity: string; requirement: string } }[] }[];
  };
  return groups.flatMap(({ rules }) =>
    rules.map(({ alert, labels }) => `${alert} ${labels.severity} ${labels.requirement}`),
  );
}
