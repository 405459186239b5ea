import { urnOf, UNKNOWN, type TestResource } from "./analyzer.ts";
import { container, ecsContainer, podSpec, POD_KINDS, taskDefinition } from "./fixtures.ts";

type Json = Record<string, unknown>;

const partOf = (system: string) => ({ "app.kubernetes.io/part-of": system });

/** A ConfigMap with one file. */
export function file(name: string, text: unknown, system = "worldstore", of = "settings"): TestResource {
  return {
    type: "kubernetes:core/v1:ConfigMap",
    name: of,
    properties: {
      metadata: { name: of, namespace: system, labels: partOf(system) },
      data: { [name]: typeof text === "string" ? text : JSON.stringify(text) },
    },
  };
}

/** A workload in the cluster that belongs to a system. */
export function app(
  system: string,
  overrides: Json = {},
  {
    name = "app",
    kind = "Deployment",
    component = "agent",
    pod = {},
  }: {
    name?: string;
    kind?: "Deployment" | "DaemonSet" | "StatefulSet" | "Job";
    component?: string;
    pod?: Json;
  } = {},
): TestResource {
  const labels = { ...partOf(system), "app.kubernetes.io/name": name, "app.kubernetes.io/component": component };
  const spec = podSpec({ containers: [container(overrides)], ...pod });
  return {
    type: `kubernetes:${POD_KINDS[kind]}:${kind}`,
    name,
    properties: { metadata: { name, namespace: system, labels }, spec: { template: { metadata: { labels }, spec } } },
  };
}

/** A Kubernetes Service in front of a workload. */
export function serviceOf(system: string, name = "app"): TestResource {
  return {
    type: "kubernetes:core/v1:Service",
    name: `${name}-service`,
    properties: {
      metadata: { name, namespace: system, labels: partOf(system) },
      spec: { selector: { "app.kubernetes.io/name": name } },
    },
  };
}

/** A task of ECS, and a service of a system that runs it. */
export function ecs(system: string, containers: unknown = [ecsContainer()], name = "app"): TestResource[] {
  const task = { ...taskDefinition(containers), name: `${name}-task` };
  return [
    task,
    {
      type: "aws:ecs/service:Service",
      name,
      properties: { name, tags: { system }, taskDefinition: UNKNOWN },
      propertyDependencies: { taskDefinition: [urnOf(task)] },
    },
  ];
}

/** An alarm of CloudWatch that names a requirement. */
export function alarm(requirement: string, overrides: Json = {}): TestResource {
  return {
    type: "aws:cloudwatch/metricAlarm:MetricAlarm",
    name: `alarm-${requirement}`,
    properties: {
      alarmActions: ["arn:aws:sns:eu-central-1:111122223333:critical"],
      threshold: 1,
      period: 60,
      evaluationPeriods: 5,
      tags: { requirement },
      ...overrides,
    },
  };
}

/** The file of Prometheus' rules. */
export function rules(system: string, ...list: Json[]): TestResource {
  return file("alerts.yml", { groups: [{ name: system, rules: list }] }, system, "prometheus-settings");
}

/** A rule of Prometheus that names a requirement. */
export function rule(requirement: string, overrides: Json = {}): Json {
  return {
    alert: "Alert",
    expr: "rate(errors_total[5m]) > 0.01",
    for: "5m",
    labels: { severity: "critical", requirement },
    ...overrides,
  };
}
