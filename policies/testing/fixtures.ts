import { UNKNOWN, type TestResource } from "./analyzer.ts";

type Json = Record<string, unknown>;

/** A container that every policy accepts. */
export function container(overrides: Json = {}): Json {
  return {
    name: "app",
    image: "images.local/payment-server:1f2e3d4c5b6a",
    env: [{ name: "LOG_LEVEL", value: "info" }],
    ports: [{ name: "http", containerPort: 3000 }],
    readinessProbe: { httpGet: { path: "/ready", port: "http" } },
    livenessProbe: { httpGet: { path: "/live", port: "http" } },
    resources: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "500m", memory: "512Mi" } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    ...overrides,
  };
}

/** A pod specification that every policy accepts. */
export function podSpec(overrides: Json = {}): Json {
  return {
    serviceAccountName: "payment-server",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
    containers: [container()],
    ...overrides,
  };
}

/** The nine kinds that bear a pod. */
export const POD_KINDS = {
  Pod: "core/v1",
  PodTemplate: "core/v1",
  ReplicationController: "core/v1",
  ReplicaSet: "apps/v1",
  Deployment: "apps/v1",
  DaemonSet: "apps/v1",
  StatefulSet: "apps/v1",
  Job: "batch/v1",
  CronJob: "batch/v1",
} as const;

/** A workload of the given kind around a pod specification, in the namespace `worldstore`. */
export function workload(spec: unknown = podSpec(), kind: keyof typeof POD_KINDS = "Deployment"): TestResource {
  const metadata = { name: "payment-server", namespace: "worldstore" };
  const template = { metadata: { labels: { app: "payment-server" } }, spec };
  return {
    type: `kubernetes:${POD_KINDS[kind]}:${kind}`,
    name: "payment-server",
    properties: {
      metadata,
      ...(kind === "Pod" && { spec }),
      ...(kind === "PodTemplate" && { template }),
      ...(kind === "CronJob" && { spec: { schedule: "0 2 * * *", jobTemplate: { spec: { template } } } }),
      ...(!["Pod", "PodTemplate", "CronJob"].includes(kind) && { spec: { template } }),
    },
  };
}

/** Property path of the pod specification within a workload of the given kind. */
export function podPath(kind: keyof typeof POD_KINDS = "Deployment"): string {
  const paths: Partial<Record<keyof typeof POD_KINDS, string>> = {
    Pod: "spec",
    PodTemplate: "template.spec",
    CronJob: "spec.jobTemplate.spec.template.spec",
  };
  return paths[kind] ?? "spec.template.spec";
}

/** A Deployment with one container that differs from the accepted one. */
export function deployment(overrides: Json = {}): TestResource {
  return workload(podSpec({ containers: [container(overrides)] }));
}

/** An ECS container definition that every policy accepts. */
export function ecsContainer(overrides: Json = {}): Json {
  return {
    name: "app",
    image: "123456789012.dkr.ecr.eu-central-1.amazonaws.com/payment-server:1f2e3d4",
    user: "10001:10001",
    readonlyRootFilesystem: true,
    cpu: 307,
    memory: 256,
    environment: [{ name: "LOG_LEVEL", value: "info" }],
    healthCheck: { command: ["CMD", "node", "/app/health.js"] },
    logConfiguration: { logDriver: "awslogs", options: { "awslogs-group": "/worldstore/prod/info" } },
    ...overrides,
  };
}

/** A task definition around container definitions. */
export function taskDefinition(containers: unknown = [ecsContainer()], overrides: Json = {}): TestResource {
  return {
    type: "aws:ecs/taskDefinition:TaskDefinition",
    name: "payment-server",
    properties: {
      family: "payment-server",
      networkMode: "awsvpc",
      cpu: "512",
      memory: "1024",
      containerDefinitions: containers === UNKNOWN ? UNKNOWN : JSON.stringify(containers),
      ...overrides,
    },
  };
}

/** A Kubernetes resource of any other kind, in the namespace `worldstore`. */
export function kubernetes(type: string, properties: Json, name = "subject"): TestResource {
  return {
    type: `kubernetes:${type}`,
    name,
    properties: { metadata: { name, namespace: "worldstore" }, ...properties },
  };
}

/** The same value without one property, named by its path. */
export function without(value: Json, ...path: readonly [string, ...string[]]): Json {
  const [key, ...rest] = path;
  const copy = { ...value };
  if (rest.length === 0) {
    delete copy[key];
  } else {
    copy[key] = without(copy[key] as Json, ...(rest as [string, ...string[]]));
  }
  return copy;
}
