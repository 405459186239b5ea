import type { TestResource } from "./analyzer.ts";
import { podSpec, workload, type POD_KINDS } from "./fixtures.ts";

type Json = Record<string, unknown>;

/** Labels of a component of the system worldstore. */
export function labels(component = "payment-server", system = "worldstore"): Json {
  return {
    "app.kubernetes.io/name": component,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/part-of": system,
  };
}

/** A workload of which a number of copies runs, in the namespace `worldstore`. */
export function copies(
  spec: Json = {},
  {
    kind = "Deployment",
    name = "payment-server",
    component = name,
    system = "worldstore",
    pod = podSpec(),
  }: {
    kind?: keyof typeof POD_KINDS;
    name?: string;
    component?: string;
    system?: string;
    pod?: unknown;
  } = {},
): TestResource {
  const resource = workload(pod, kind);
  const template = { metadata: { labels: { app: name } }, spec: pod };
  return {
    ...resource,
    name,
    properties: {
      metadata: { name, namespace: "worldstore", labels: labels(component, system) },
      spec: { selector: { matchLabels: { app: name } }, template, ...spec },
    },
  };
}

/** A horizontal autoscaler of a Deployment in the namespace `worldstore`. */
export function autoscaler(spec: Json = {}, target = "payment-server", kind = "Deployment"): TestResource {
  return {
    type: "kubernetes:autoscaling/v2:HorizontalPodAutoscaler",
    name: `${target}-scaling`,
    properties: {
      metadata: { name: target, namespace: "worldstore", labels: labels(target) },
      spec: {
        minReplicas: 2,
        maxReplicas: 6,
        metrics: [
          { type: "Resource", resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } } },
        ],
        scaleTargetRef: { apiVersion: "apps/v1", kind, name: target },
        ...spec,
      },
    },
  };
}

/** An ECS service of the system worldstore. */
export function ecsService(overrides: Json = {}, name = "payment-server"): TestResource {
  return {
    type: "aws:ecs/service:Service",
    name,
    properties: {
      name: `worldstore-prod-${name}`,
      cluster: "arn:aws:ecs:eu-central-1:111122223333:cluster/worldstore-prod",
      desiredCount: 2,
      launchType: "FARGATE",
      deploymentCircuitBreaker: { enable: true, rollback: true },
      deploymentMaximumPercent: 200,
      deploymentMinimumHealthyPercent: 100,
      networkConfiguration: { assignPublicIp: false, subnets: ["subnet-a", "subnet-b"] },
      tags: { component: name, system: "worldstore" },
      ...overrides,
    },
  };
}

/** The range within which Application Auto Scaling may scale an ECS service. */
export function scalingTarget(overrides: Json = {}, name = "payment-server"): TestResource {
  return {
    type: "aws:appautoscaling/target:Target",
    name: `${name}-range`,
    properties: {
      minCapacity: 2,
      maxCapacity: 6,
      resourceId: `service/worldstore-prod/worldstore-prod-${name}`,
      scalableDimension: "ecs:service:DesiredCount",
      serviceNamespace: "ecs",
      tags: { system: "worldstore" },
      ...overrides,
    },
  };
}

/** A disruption budget for the pods of a workload in the namespace `worldstore`. */
export function disruptionBudget(spec: Json = {}, target = "payment-server"): TestResource {
  return {
    type: "kubernetes:policy/v1:PodDisruptionBudget",
    name: `${target}-disruption`,
    properties: {
      metadata: { name: target, namespace: "worldstore", labels: labels(target) },
      spec: { maxUnavailable: 1, selector: { matchLabels: { app: target } }, ...spec },
    },
  };
}
