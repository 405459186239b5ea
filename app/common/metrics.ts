import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/**
 * The histogram of requests, and the field of each request's log line with the observed seconds: CloudWatch reads
 * percentiles from the log, since a histogram scraped into it has none.
 */
export const requestDurationName = "http_request_duration_seconds";

/** The metrics that every process exports at /metrics. */
export interface Metrics {
  registry: Registry;
  /** Requests to the API; questions about health and metrics are not counted. */
  requests: Counter<"method" | "route" | "status">;
  /** Seconds from request to answer, of the same requests. */
  requestDuration: Histogram<"method" | "route">;
  /**
   * Errors by their source within this service; the service itself is a label of the scrape (WS-MET-11).
   * `http` counts answers with a status from 500.
   */
  errors: Counter<"source">;
}

/**
 * Metrics of a process. The default ones of prom-client hold `process_cpu_seconds_total` (WS-MET-13) and
 * `process_resident_memory_bytes` (WS-MET-14).
 */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  new Gauge({
    name: "process_uptime_seconds",
    help: "Seconds since this process started (WS-MET-12).",
    registers,
    collect() {
      this.set(process.uptime());
    },
  });
  return {
    registry,
    requests: new Counter({
      name: "http_requests_total",
      help: "Requests to the API by method, route and status.",
      labelNames: ["method", "route", "status"],
      registers,
    }),
    requestDuration: new Histogram({
      name: requestDurationName,
      help: "Seconds from request to answer.",
      labelNames: ["method", "route"],
      buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
      registers,
    }),
    errors: new Counter({
      name: "service_errors_total",
      help: "Errors by source within this service (WS-MET-11).",
      labelNames: ["source"],
      registers,
    }),
  };
}
