import type { System } from "../spec/system.ts";
import { physicalPath, type Named } from "./names.ts";

/**
 * The namespace of what the collectors publish. A metric of a service is there with the dimension `service`: counters as
 * what was counted in a minute, the first value included, and gauges as they are.
 *
 * An alarm cannot add up what a search finds, and the specification does not say which services export a metric. So what
 * alerts read is there a second time, of the whole system: see `alertedMetrics`.
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

/** The dimensions of every metric, of which the collectors publish by `service`; their values are names. */
export const metricDimensions = { service: "service", system: "system" } as const;

/**
 * The dimensions by which the collectors publish what alerts read of the whole system: `system`, and the labels that an
 * alert asks for, sorted. CloudWatch adds up nothing over dimensions, so each set of them is published by itself.
 */
export function alertedMetrics({ alerts }: Pick<System, "alerts">): { metric: string; dimensions: string[] }[] {
  const found = alerts.flatMap(({ condition }) => {
    const { kind } = condition;
    if (kind === "share") return [{ metric: condition.part }, { metric: condition.whole }];
    return kind === "gauge" || kind === "count" ? [condition] : [];
  });
  const sets = found.map((condition) => {
    const labels = "labels" in condition ? Object.keys(condition.labels ?? {}) : [];
    return { metric: condition.metric, dimensions: [metricDimensions.system, ...labels.sort()] };
  });
  const unique = new Map(sets.map((set) => [[set.metric, ...set.dimensions].join(" "), set]));
  return [...unique.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, set]) => set);
}
