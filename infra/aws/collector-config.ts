import type { Alert } from "../spec/alert.ts";
import { declared } from "../spec/names.ts";
import { promDuration } from "../spec/promql.ts";
import type { Service } from "../spec/service.ts";
import { alertedMetrics, metricDimensions, metricNamespace } from "./cloudwatch-metrics.ts";
import { platformLogGroup } from "./logs.ts";
import type { Target } from "./target.ts";

/** Which metrics CloudWatch gets, and by which of their labels it can tell them apart. */
export interface MetricDeclaration {
  dimensions: string[][];
  /** Regular expressions. */
  metric_name_selectors: string[];
}

/** Every metric by service, and what alerts read of the whole system by the dimensions that they read it by. */
export function metricDeclarations(alerts: readonly Alert[]): MetricDeclaration[] {
  return [
    { dimensions: [[metricDimensions.service]], metric_name_selectors: [".*"] },
    ...alertedMetrics({ alerts }).map(({ metric, dimensions }) => ({
      dimensions: [dimensions],
      // A dollar sign would begin a variable of the collector; this is the other way to say "end of text".
      metric_name_selectors: [`^${metric}\\z`],
    })),
  ];
}

/** The configuration of a service's collector as JSON, which is YAML as well. The same arguments give the same text. */
export function collectorConfig(target: Target, service: string, metrics: NonNullable<Service["metrics"]>): string {
  const { system, aws } = target;
  const { port } = declared(declared(system.services, service).ports, metrics.port);
  const processors = ["memory_limiter", "batch"];
  return JSON.stringify({
    extensions: { health_check: { endpoint: "127.0.0.1:13133" } },
    receivers: {
      prometheus: {
        config: {
          scrape_configs: [
            {
              job_name: service,
              scrape_interval: promDuration(metrics.interval),
              metrics_path: metrics.path,
              static_configs: [
                {
                  targets: [`127.0.0.1:${port}`],
                  labels: { [metricDimensions.service]: service, [metricDimensions.system]: system.name },
                },
              ],
            },
          ],
        },
      },
      otlp: { protocols: { grpc: { endpoint: "127.0.0.1:4317" }, http: { endpoint: "127.0.0.1:4318" } } },
    },
    processors: {
      memory_limiter: { check_interval: "1s", limit_percentage: 80, spike_limit_percentage: 20 },
      batch: { timeout: "10s" },
    },
    exporters: {
      awsemf: {
        region: aws.region,
        namespace: metricNamespace(target),
        log_group_name: platformLogGroup(target, "metrics"),
        log_stream_name: service,
        dimension_rollup_option: "NoDimensionRollup",
        metric_declarations: metricDeclarations(system.alerts),
        // Without it a series that begins with its first event would lose this event.
        retain_initial_value_of_delta_metric: true,
      },
      awsxray: { region: aws.region },
    },
    service: {
      extensions: ["health_check"],
      pipelines: {
        metrics: { receivers: ["prometheus"], processors, exporters: ["awsemf"] },
        traces: { receivers: ["otlp"], processors, exporters: ["awsxray"] },
      },
      telemetry: { metrics: { level: "none" } },
    },
  });
}
