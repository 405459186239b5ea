import { instancesOf } from "../spec/instances.ts";
import type { Service } from "../spec/service.ts";
import type { Store } from "../spec/store.ts";
import { alarmArn } from "./alarms.ts";
import { alarmPlans, type AlarmMetric } from "./cloudwatch.ts";
import { logMetricNamespace, metricDimensions, metricNamespace } from "./cloudwatch-metrics.ts";
import { clusterName } from "./cluster.ts";
import type { Panel } from "./dashboard-widgets.ts";
import { logLinesMetric } from "./metric-filters.ts";
import { databaseName } from "./postgres-names.ts";
import { queueName } from "./queue.ts";
import { cacheNodeIds } from "./redis-nodes.ts";
import { serviceName } from "./service.ts";
import type { Target } from "./target.ts";

/** Words in the names of metrics that tell of a process and its libraries, not of what the system is for. */
const technicalWords = ["component", "http", "nodejs", "process", "redis", "scrape", "service", "up"];

/** What the system does for its users: what its services count and measure of their own, requests, and messages. */
export function businessPanels(target: Target): Panel[] {
  const { services, stores, publicEndpoints } = target.system;
  const own = technicalWords.map((word) => `NOT MetricName=${word}`).join(" ");
  const found = (service: string, terms: string, statistic: string) => {
    const where = `{"${metricNamespace(target)}","${metricDimensions.service}"}`;
    return `SEARCH('${where} ${metricDimensions.service}="${service}" ${terms} ${own}', '${statistic}', 60)`;
  };
  return [
    ...byName(services).flatMap(([service, { metrics }]): Panel[] =>
      metrics === undefined
        ? []
        : [
            { title: `${service}: counted in a minute`, query: found(service, "MetricName=total", "Sum") },
            { title: `${service}: measured`, query: found(service, "NOT MetricName=total", "Average") },
          ],
    ),
    ...(Object.keys(publicEndpoints).length === 0
      ? []
      : [
          {
            title: "requests by load balancer",
            query: `SELECT SUM(RequestCount) FROM SCHEMA("AWS/ApplicationELB", LoadBalancer) GROUP BY LoadBalancer`,
          },
        ]),
    ...byName(stores).flatMap(([store, { engine }]): Panel[] => {
      if (engine !== "queue") return [];
      const of = { QueueName: queueName(target, store) };
      const names = ["NumberOfMessagesSent", "NumberOfMessagesDeleted"];
      return [{ title: `${store}: messages taken and done`, series: names.map((name) => aws("SQS", name, of, "Sum")) }];
    }),
  ];
}

/** How well it does it: the state of every alert, what alerts look at with their limits, and lines in the log. */
export function technicalPanels(target: Target): Panel[] {
  const { alerts } = target.system;
  const lines = `{"${logMetricNamespace(target)}","level","service"} MetricName="${logLinesMetric}"`;
  return [
    { title: "alerts", alarmArns: alerts.map(({ name }) => alarmArn(target, name)) },
    { title: "errors and warnings in the log", query: `SEARCH('${lines}', 'Sum', 60)` },
    ...alerts.flatMap((alert) =>
      Object.entries(alarmPlans(target, alert)).map(([part, plan]): Panel => {
        const subject = part === alert.name ? part : `${alert.name}: ${part}`;
        return { title: `${subject} (${alert.requirement})`, plan };
      }),
    ),
  ];
}

/** What it runs on: the containers of each service, and each store. */
export function infrastructurePanels(target: Target): Panel[] {
  const { services, stores } = target.system;
  return [
    ...byName(services).flatMap(([name, service]) => servicePanels(target, name, service)),
    ...byName(stores).flatMap(([name, store]) => storePanels(target, name, store)),
  ];
}

function servicePanels(target: Target, name: string, service: Service): Panel[] {
  const of = instancesOf(name, service).map((instance) => ({
    ClusterName: clusterName(target, name),
    ServiceName: serviceName(target, instance),
  }));
  return [
    {
      title: `${name}: processors and memory, percent`,
      series: of.flatMap((dimensions) => [
        aws("ECS", "CPUUtilization", dimensions, "Average"),
        aws("ECS", "MemoryUtilization", dimensions, "Maximum"),
      ]),
    },
    {
      title: `${name}: tasks`,
      series: of.flatMap((dimensions) =>
        ["DesiredTaskCount", "RunningTaskCount"].map((metric): AlarmMetric => ({
          namespace: "ECS/ContainerInsights",
          metric,
          dimensions,
          statistic: "Maximum",
        })),
      ),
    },
  ];
}

function storePanels(target: Target, name: string, store: Store): Panel[] {
  switch (store.engine) {
    case "postgres": {
      const of = { DBInstanceIdentifier: databaseName(target, name) };
      const panel = (title: string, ...metrics: string[]): Panel => ({
        title: `${name}: ${title}`,
        series: metrics.map((metric) => aws("RDS", metric, of, "Average")),
      });
      return [
        panel("processors, percent", "CPUUtilization"),
        panel("free storage, bytes", "FreeStorageSpace"),
        panel("connections", "DatabaseConnections"),
        panel("seconds to read and write", "ReadLatency", "WriteLatency"),
      ];
    }
    case "redis": {
      const nodes = cacheNodeIds(target, name);
      const panel = (title: string, metric: string): Panel => ({
        title: `${name}: ${title}`,
        series: nodes.map((node) => aws("ElastiCache", metric, { CacheClusterId: node }, "Maximum")),
      });
      return [
        panel("processors, percent", "EngineCPUUtilization"),
        panel("memory, percent", "DatabaseMemoryUsagePercentage"),
        panel("connections", "CurrConnections"),
      ];
    }
    case "queue": {
      const waiting = (kind: "messages" | "deadletters") =>
        aws("SQS", "ApproximateNumberOfMessagesVisible", { QueueName: queueName(target, name, kind) }, "Maximum");
      return [{ title: `${name}: messages waiting and dead`, series: [waiting("messages"), waiting("deadletters")] }];
    }
    case "mongodb":
    case "objects":
      return [];
  }
}

function aws(
  service: string,
  metric: string,
  dimensions: Record<string, string>,
  statistic: AlarmMetric["statistic"],
): AlarmMetric {
  return { namespace: `AWS/${service}`, metric, dimensions, statistic };
}

function byName<Value>(all: Record<string, Value>): [string, Value][] {
  return Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
}
