import type { Instance } from "../spec/instances.ts";
import { certificatesContainer, certificatesMount, certificatesWriter, readsCertificates } from "./certificates.ts";
import { collector, collectorContainer } from "./collector.ts";
import {
  type ContainerDefinition,
  type ContainerDependency,
  cpuUnits,
  hardenedContainer,
} from "./container-definition.ts";
import { deadline } from "./container-deadline.ts";
import { isConnected } from "./discovery.ts";
import { environmentOf } from "./environment.ts";
import { type FargateSize, fargateSize } from "./fargate-size.ts";
import { logRouter, logRouterContainer, routedLogs } from "./log-router.ts";
import { containerHealth } from "./probes.ts";
import { imageReference } from "./image-names.ts";
import type { Target } from "./target.ts";
import { type Workload, workloadOf } from "./workload.ts";

/** What Service Connect's own container needs of a task: memory as AWS recommends; its CPU follows the traffic. */
const proxyDemand = { cpuRequest: 51, cpuLimit: 0, memory: 64 };

/**
 * The containers of a task of a service or job: its own, and what sorts its lines, reads its metrics and brings it
 * certificates. Everything in them is known before anything exists, so that policies can judge them in a preview.
 */
export function containersOf(target: Target, name: string, instance: Instance): ContainerDefinition[] {
  const workload = workloadOf(target.system, name);
  const metrics = workload.kind === "service" ? workload.specification.metrics : undefined;
  const certificates = readsCertificates(target, name);
  const logs = routedLogs(target, name, instance);
  const routed: ContainerDependency = { containerName: logRouterContainer, condition: "HEALTHY" };
  return [
    {
      ...ownContainer(target, workload, instance),
      logConfiguration: logs,
      dependsOn: [
        routed,
        ...(certificates ? [{ containerName: certificatesContainer, condition: "SUCCESS" } as const] : []),
        ...(metrics ? [{ containerName: collectorContainer, condition: "START" } as const] : []),
      ],
    },
    logRouter(target, name),
    ...(certificates ? [{ ...certificatesWriter(target), logConfiguration: logs, dependsOn: [routed] }] : []),
    ...(metrics ? [collector(target, name, metrics)] : []),
    ...(workload.kind === "job"
      ? [{ ...deadline(target, workload.specification), logConfiguration: logs, dependsOn: [routed] }]
      : []),
  ];
}

/** The containers of a task as ECS takes them. The same specification gives the same text. */
export function containerDefinitions(target: Target, workload: string, instance: Instance): string {
  return JSON.stringify(containersOf(target, workload, instance));
}

/** The size of a task of a service or job; undefined if Fargate has none that is large enough. */
export function taskSize(target: Target, name: string): FargateSize | undefined {
  const { resources } = workloadOf(target.system, name).specification;
  const containers = containersOf(target, name, { workload: name, number: 0 });
  return fargateSize([
    ...containers.map(({ name: container, cpu, memory }) => ({
      cpuRequest: cpu,
      cpuLimit: container === name ? cpuUnits(resources.limits.cpu) : cpu,
      memory,
    })),
    ...(isConnected(target, name) ? [proxyDemand] : []),
  ]);
}

function ownContainer(target: Target, workload: Workload, instance: Instance): ContainerDefinition {
  const { name, specification } = workload;
  const { plain, secrets } = environmentOf(target, name, instance.number);
  const certificates = readsCertificates(target, name) ? [certificatesMount] : [];
  return hardenedContainer({
    name,
    image: imageReference(target, specification.image),
    ...(specification.command ? { command: specification.command } : {}),
    essential: true,
    environment: plain,
    secrets,
    resources: specification.resources,
    mounts: certificates,
    ...(workload.kind === "service" ? servicePart(workload.specification, certificates) : {}),
  });
}

function servicePart(
  service: Extract<Workload, { kind: "service" }>["specification"],
  certificates: readonly (typeof certificatesMount)[],
) {
  const { ports, terminationGrace, volumes = {} } = service;
  return {
    ports,
    health: containerHealth(service),
    mounts: [
      ...Object.entries(volumes).map(([name, { mountPath }]) => ({
        sourceVolume: name,
        containerPath: mountPath,
        readOnly: false,
      })),
      ...certificates,
    ],
    ...(terminationGrace ? { terminationGrace } : {}),
  };
}
