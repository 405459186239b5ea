import type { Service } from "../spec/service.ts";
import { collectorConfig } from "./collector-config.ts";
import { type ContainerDefinition, hardenedContainer } from "./container-definition.ts";
import { ownLogs } from "./log-router.ts";
import { imageReference } from "./image-names.ts";
import type { Target } from "./target.ts";

/** Reads a service's metrics and takes its traces. */
export const collectorContainer = "collector";

/** The OpenTelemetry collector of AWS beside a service with metrics. The service goes on without it. */
export function collector(
  target: Target,
  service: string,
  metrics: NonNullable<Service["metrics"]>,
): ContainerDefinition {
  return hardenedContainer({
    name: collectorContainer,
    image: imageReference(target, "collector"),
    essential: false,
    environment: { AOT_CONFIG_CONTENT: collectorConfig(target, service, metrics) },
    resources: {
      requests: { cpu: "0.05 vCPU", memory: "96 MiB" },
      limits: { cpu: "0.25 vCPU", memory: "192 MiB" },
    },
    // The image has no shell: this program of its own asks the collector's health port.
    health: { command: ["CMD", "/healthcheck"], interval: 30, timeout: 5, retries: 3, startPeriod: 60 },
    logs: ownLogs(target, "collector", service),
    restarts: true,
  });
}
