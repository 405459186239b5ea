import type { System } from "../spec/system.ts";
import { physicalPath, type Named } from "./names.ts";

/**
 * The namespace of what the collectors publish. Every Prometheus metric of a service is there twice: with the dimension
 * `service`, and without any dimension. Alarms cannot add up what a search finds, and the specification does not say
 * which service exports a metric, so alarms read it without dimensions. Counters are published as what was counted in
 * the minute, the first value included; gauges as they are.
 */
export function metricNamespace(target: Named): string {
  return physicalPath(target);
}

/**
 * The namespace of what metric filters read from log lines: one value for each line, of which percentiles can be told.
 * It is another than the collectors', since the histograms that those publish under the same names have none.
 */
export function logMetricNamespace(target: Named): string {
  return physicalPath(target, "logs");
}

/**
 * Metrics that alerts read by labels, with the names of the labels, sorted: the collectors publish them with these
 * dimensions as well.
 */
export function labelledMetrics({ alerts }: Pick<System, "alerts">): { metric: string; labels: string[] }[] {
  const found = alerts.flatMap(({ condition }) => {
    if (condition.kind !== "count" || condition.labels === undefined) return [];
    const labels = Object.keys(condition.labels).sort();
    return labels.length === 0 ? [] : [{ metric: condition.metric, labels }];
  });
  const unique = new Map(found.map((entry) => [[entry.metric, ...entry.labels].join(" "), entry]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, entry]) => entry);
}
