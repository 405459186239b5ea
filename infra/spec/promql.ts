import type { Alert, Condition } from "./alert.ts";
import type { System } from "./system.ts";
import { toMebibytes, toSeconds, type Duration } from "./units.ts";

/** An alerting rule as Prometheus reads it. */
export interface AlertingRule {
  alert: string;
  expr: string;
  for?: string;
  labels: { severity: Alert["severity"]; requirement: string };
  annotations: { summary: string };
}

/** The alerting rules of a system. Scrape jobs bear the names of services and stores. */
export function alertingRules(system: System): AlertingRule[] {
  return system.alerts.map((alert) => ({
    alert: alert.name,
    expr: expression(system, alert.condition),
    ...(alert.for === undefined ? {} : { for: promDuration(alert.for) }),
    labels: { severity: alert.severity, requirement: alert.requirement },
    annotations: { summary: alert.summary },
  }));
}

const operators = { above: ">", below: "<", "at-least": ">=" } as const;

/** A condition as a PromQL expression that yields a series for each thing that is wrong. */
export function expression(system: System, condition: Condition): string {
  switch (condition.kind) {
    case "down": {
      const jobs = [...condition.services].sort();
      const silent = `max by (job) (up{job=~${quote(jobs.join("|"))}}) == 0`;
      return [silent, ...jobs.map((job) => `absent(up{job=${quote(job)}})`)].join(" or ");
    }
    case "gauge":
      return `${condition.metric} ${operators[condition.compare]} ${condition.limit}`;
    case "count": {
      const matchers = Object.entries(condition.labels ?? {})
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([label, value]) => `${label}=${quote(value)}`);
      const series = matchers.length === 0 ? condition.metric : `${condition.metric}{${matchers.join(",")}}`;
      return `sum(increase(${series}[${promDuration(condition.window)}])) > ${condition.above}`;
    }
    case "share": {
      const window = promDuration(condition.window);
      const part = `sum(increase(${condition.part}[${window}]))`;
      const whole = `sum(increase(${condition.whole}[${window}]))`;
      return `${part} / ${whole} > ${condition.above}`;
    }
    case "quantile": {
      const buckets = `sum by (le) (rate(${condition.metric}_bucket[${promDuration(condition.window)}]))`;
      return `histogram_quantile(${condition.quantile}, ${buckets}) > ${condition.above}`;
    }
    case "service-memory": {
      const service = system.services[condition.service];
      if (!service) throw new Error(`the service "${condition.service}" is not declared`);
      const limit = toMebibytes(service.resources.limits.memory) * 1024 * 1024;
      return `process_resident_memory_bytes{job=${quote(condition.service)}} / ${limit} > ${condition.above}`;
    }
    case "store-memory": {
      const job = quote(condition.store);
      return `redis_memory_used_bytes{job=${job}} / redis_memory_max_bytes{job=${job}} > ${condition.above}`;
    }
  }
}

/** A length of time as Prometheus writes it, in whole milliseconds or seconds. */
export function promDuration(duration: Duration): string {
  const seconds = toSeconds(duration);
  return Number.isInteger(seconds) ? `${seconds}s` : `${Math.round(seconds * 1000)}ms`;
}

function quote(text: string): string {
  return JSON.stringify(text);
}
