import type { Input } from "@pulumi/pulumi";

import type { Alert, Condition } from "../spec/alert.ts";
import { instancesOf } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { toMebibytes } from "../spec/units.ts";
import { alarmTiming } from "./alarm-timing.ts";
import { logMetricNamespace, metricDimensions, metricNamespace } from "./cloudwatch-metrics.ts";
import { clusterName } from "./cluster.ts";
import { cacheNodeIds } from "./redis-nodes.ts";
import { serviceName } from "./service.ts";
import type { Target } from "./target.ts";

/** A series of CloudWatch and how its values of a period become one. What the program names has known dimensions. */
export interface AlarmMetric<Dimension extends Input<string> = string> {
  namespace: string;
  metric: string;
  dimensions: Record<string, Dimension>;
  statistic: "Average" | "Maximum" | "Minimum" | "Sum" | `p${number}`;
}

/** What an alarm looks at: a series, or an expression over series by their names in it. */
export type AlarmSource<Dimension extends Input<string> = string> =
  AlarmMetric<Dimension> | { expression: string; metrics: Record<string, AlarmMetric<Dimension>> };

/**
 * An alarm without its names. It calls when each of the periods is beyond the threshold.
 *
 * What is counted is no reason to call when nothing was counted. Of a gauge nothing is known without a value, and that
 * is the state the alarm takes: that its service is down is another alert. A service of which nothing is known is down.
 */
export interface AlarmPlan<Dimension extends Input<string> = string> {
  source: AlarmSource<Dimension>;
  /** Seconds. */
  period: number;
  evaluationPeriods: number;
  threshold: number;
  comparison:
    "GreaterThanThreshold" | "GreaterThanOrEqualToThreshold" | "LessThanThreshold" | "LessThanOrEqualToThreshold";
  missingData: "breaching" | "notBreaching" | "missing";
}

/**
 * The alarms of an alert: one for each service that may be down, by the service; any of them is the alert. Else there is
 * one, by the alert's name.
 */
export function alarmPlans(target: Target, alert: Alert): Record<string, AlarmPlan> {
  const { condition } = alert;
  const timing = alarmTiming(alert);
  if (condition.kind !== "down") return { [alert.name]: { ...timing, ...watch(target, condition) } };
  const services = [...condition.services].sort();
  return Object.fromEntries(services.map((service) => [service, { ...timing, ...watchCopies(target, service) }]));
}

type Watch = Pick<AlarmPlan, "source" | "threshold" | "comparison" | "missingData">;

const comparisons = {
  above: "GreaterThanThreshold",
  below: "LessThanThreshold",
  "at-least": "GreaterThanOrEqualToThreshold",
} as const;

function watch(target: Target, condition: Exclude<Condition, { kind: "down" }>): Watch {
  const published = (metric: string, statistic: AlarmMetric["statistic"], labels: Record<string, string> = {}) => ({
    namespace: metricNamespace(target),
    metric,
    dimensions: { [metricDimensions.system]: target.system.name, ...labels },
    statistic,
  });
  switch (condition.kind) {
    case "gauge":
      return {
        // The worst of all copies and of all moments of the period.
        source: published(condition.metric, condition.compare === "below" ? "Minimum" : "Maximum"),
        threshold: condition.limit,
        comparison: comparisons[condition.compare],
        missingData: "missing",
      };
    case "count":
      return {
        source: published(condition.metric, "Sum", condition.labels),
        threshold: condition.above,
        comparison: comparisons.above,
        missingData: "notBreaching",
      };
    case "share":
      return {
        // Parts without a whole are all that there was, as when requests fail before they are counted.
        source: {
          expression: "IF(FILL(whole, 0) > 0, FILL(part, 0) / whole, IF(FILL(part, 0) > 0, 1, 0))",
          metrics: { part: published(condition.part, "Sum"), whole: published(condition.whole, "Sum") },
        },
        threshold: condition.above,
        comparison: comparisons.above,
        missingData: "notBreaching",
      };
    case "quantile":
      return {
        source: {
          namespace: logMetricNamespace(target),
          metric: condition.metric,
          dimensions: {},
          statistic: `p${percentile(condition.quantile)}`,
        },
        threshold: condition.above,
        comparison: comparisons.above,
        missingData: "notBreaching",
      };
    case "service-memory": {
      const { resources } = declared(target.system.services, condition.service);
      return {
        source: {
          namespace: metricNamespace(target),
          metric: "process_resident_memory_bytes",
          dimensions: { [metricDimensions.service]: condition.service },
          statistic: "Maximum",
        },
        threshold: condition.above * toMebibytes(resources.limits.memory) * 1024 * 1024,
        comparison: comparisons.above,
        missingData: "missing",
      };
    }
    case "store-memory":
      return {
        source: highest(
          cacheNodeIds(target, condition.store).map((node) => ({
            namespace: "AWS/ElastiCache",
            metric: "DatabaseMemoryUsagePercentage",
            dimensions: { CacheClusterId: node },
            statistic: "Maximum",
          })),
        ),
        threshold: condition.above * 100,
        comparison: comparisons.above,
        missingData: "missing",
      };
  }
}

/** No task of any instance of the service runs; ECS stops tasks that are not healthy. */
function watchCopies(target: Target, service: string): Watch {
  const cluster = clusterName(target, service);
  const instances = instancesOf(service, declared(target.system.services, service));
  const running = instances.map((instance): AlarmMetric => ({
    namespace: "ECS/ContainerInsights",
    metric: "RunningTaskCount",
    dimensions: { ClusterName: cluster, ServiceName: serviceName(target, instance) },
    statistic: "Maximum",
  }));
  return { source: highest(running), threshold: 1, comparison: comparisons.below, missingData: "breaching" };
}

/** The highest of several series at each moment; one without a value does not hide the others. */
function highest(series: AlarmMetric[]): AlarmSource {
  const [only, ...others] = series;
  if (only && others.length === 0) return only;
  const metrics = Object.fromEntries(series.map((metric, index) => [`m${index}`, metric]));
  const filled = Object.keys(metrics).map((name) => `FILL(${name}, 0)`);
  return { expression: `MAX([${filled.join(", ")}])`, metrics };
}

/** A quantile as a percentile; 0.999 is 99.9, not 99.90000000000001. */
function percentile(quantile: number): number {
  return Number((quantile * 100).toFixed(8));
}
