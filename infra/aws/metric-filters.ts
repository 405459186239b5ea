import { LogMetricFilter } from "@pulumi/aws/cloudwatch/logMetricFilter.js";
import * as pulumi from "@pulumi/pulumi";

import { kebab } from "../spec/names.ts";
import type { System } from "../spec/system.ts";
import { logMetricNamespace } from "./cloudwatch-metrics.ts";
import { logGroupName, type LogGroups, type LogLevel } from "./logs.ts";
import type { Target } from "./target.ts";

/** How many log lines of a level services write, with the dimensions `service` and `level`. */
export const logLinesMetric = "log_lines";
/** Levels whose lines are counted: those that someone should look at. */
const countedLevels = ["error", "warn"] as const satisfies readonly LogLevel[];

/** A metric read from the lines of a log group. */
export interface LogMetric {
  level: LogLevel;
  metric: string;
  /** Which lines, in CloudWatch's own pattern language for JSON. */
  pattern: string;
  /** What each line counts. */
  value: string;
  /** Fields of the line by dimension. */
  dimensions: Record<string, string>;
}

/**
 * What is read from log lines. Of a metric in a `quantile` condition services write each observation as a field of the
 * metric's own name into an info line, in the metric's unit: `{"level":"info","http_request_duration_seconds":0.12}`.
 */
export function logMetrics({ alerts }: Pick<System, "alerts">): LogMetric[] {
  const measured = alerts.flatMap(({ condition }) => (condition.kind === "quantile" ? [condition.metric] : []));
  return [
    ...[...new Set(measured)].sort().map((metric): LogMetric => {
      const field = `$.${metric}`;
      return { level: "info", metric, pattern: `{ ${field} = * }`, value: field, dimensions: {} };
    }),
    ...countedLevels.map((level): LogMetric => ({
      level,
      metric: logLinesMetric,
      pattern: "{ $.service = * }",
      value: "1",
      dimensions: { service: "$.service", level: "$.level" },
    })),
  ];
}

/** What metric filters need. */
export interface MetricFiltersArgs {
  target: Target;
  logs: LogGroups;
}

/** Turns log lines into metrics. */
export class MetricFilters extends pulumi.ComponentResource {
  constructor(name: string, { target, logs }: MetricFiltersArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:MetricFilters", name, {}, opts);
    for (const { level, metric, pattern, value, dimensions } of logMetrics(target.system)) {
      new LogMetricFilter(
        `${name}-${level}-${kebab(metric)}`,
        {
          // Its name is unique in the log group, whose name is the system's.
          name: metric,
          logGroupName: logGroupName(target, level),
          pattern,
          metricTransformation: { namespace: logMetricNamespace(target), name: metric, value, dimensions },
        },
        { parent: this, dependsOn: [logs] },
      );
    }
    this.registerOutputs({});
  }
}
