import { dump } from "js-yaml";

import { alertingRules, promDuration } from "../spec/promql.ts";
import type { Service } from "../spec/service.ts";
import { toMebibytes, toSeconds, type Duration, type Size } from "../spec/units.ts";
import { declared } from "../spec/names.ts";
import { instancesOf } from "../spec/instances.ts";
import { managedStores } from "./managed.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import { hostOf, podsServiceOf, previewOf } from "./names.ts";
import { redisStores } from "./queue.ts";
import { exporterPort } from "./redis-exporter.ts";
import type { Target } from "./target.ts";

/** How often what the specification does not mention is read. */
const usualInterval: Duration = "15 s";
/** The longest time that one reading may take. */
const longestReading: Duration = "10 s";
/** Texts stay on one line, and nothing is abbreviated by reference. */
const plainYaml = { lineWidth: -1, noRefs: true };
/** How much of the volume the metrics may fill. */
const storageShare = 0.8;

interface ScrapeConfig {
  job_name: string;
  metrics_path?: string;
  scrape_interval?: string;
  scrape_timeout?: string;
  static_configs?: { targets: string[] }[];
  dns_sd_configs?: { names: string[]; type: "A"; port: number; refresh_interval: string }[];
}

/**
 * Prometheus' configuration. Jobs are named like the services and stores, which is what the alert expressions rely on.
 *
 * Single writers are known by name; the copies of a stateless service are found by DNS, so no access to the Kubernetes API is
 * needed.
 */
export function prometheusConfig(target: Target): string {
  const { system, settings } = target;
  const alertmanagers = [`${hostOf(alertmanager.name, settings.namespace)}:${alertmanager.port}`];
  const services = Object.entries(system.services).sort(([a], [b]) => (a < b ? -1 : 1));
  return dump(
    {
      global: {
        scrape_interval: promDuration(usualInterval),
        evaluation_interval: promDuration(usualInterval),
        external_labels: { system: system.name, environment: settings.environment },
      },
      rule_files: ["alerts.yml"],
      alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
      scrape_configs: [
        ...services.flatMap(([name, service]) => scrapeConfigs(target, name, service)),
        ...redisStores(target).map((name) => ({
          job_name: name,
          static_configs: [{ targets: [`${hostOf(name, settings.namespace)}:${exporterPort}`] }],
        })),
        { job_name: alertmanager.name, static_configs: [{ targets: alertmanagers }] },
        { job_name: prometheus.name, static_configs: [{ targets: [`localhost:${prometheus.port}`] }] },
      ] satisfies ScrapeConfig[],
    },
    plainYaml,
  );
}

function scrapeConfigs({ settings }: Target, name: string, service: Service): ScrapeConfig[] {
  const { metrics, ports, singleWriter, release } = service;
  if (!metrics) return [];
  const { port } = declared(ports, metrics.port);
  const reading = {
    job_name: name,
    metrics_path: metrics.path,
    scrape_interval: promDuration(metrics.interval),
    scrape_timeout: promDuration(shorter(metrics.interval, longestReading)),
  };
  if (singleWriter) {
    const targets = instancesOf(name, service).map(({ workload }) => `${hostOf(workload, settings.namespace)}:${port}`);
    return [{ ...reading, static_configs: [{ targets }] }];
  }
  // A candidate is read under a name of its own, so that it cannot hide that no copy with traffic answers.
  const addresses = release.strategy === "blue-green" ? [name, previewOf(name)] : [name];
  return addresses.map((address) => ({
    ...reading,
    job_name: address,
    dns_sd_configs: [
      {
        names: [hostOf(podsServiceOf(address), settings.namespace)],
        type: "A",
        port,
        refresh_interval: promDuration(usualInterval),
      },
    ],
  }));
}

function shorter(one: Duration, other: Duration): Duration {
  return toSeconds(one) < toSeconds(other) ? one : other;
}

/** The alerting rules as Prometheus reads them. What is about a managed store is watched by AWS. */
export function alertRules(target: Target): string {
  const { system } = target;
  const managed = managedStores(target);
  const alerts = system.alerts.filter(({ condition }) => !("store" in condition && managed.has(condition.store)));
  return dump({ groups: [{ name: system.name, rules: alertingRules({ ...system, alerts }) }] }, plainYaml);
}

/** The server's flags. Metrics go when they are too old, or when they fill most of the volume. */
export function prometheusFlags(
  folders: { settings: string; data: string },
  retention: Duration,
  volume: Size,
): string[] {
  return [
    `--config.file=${folders.settings}/prometheus.yml`,
    `--storage.tsdb.path=${folders.data}`,
    `--storage.tsdb.retention.time=${promDuration(retention)}`,
    `--storage.tsdb.retention.size=${Math.floor(toMebibytes(volume) * storageShare)}MB`,
    `--web.listen-address=:${prometheus.port}`,
  ];
}
