import type { HealthCheck } from "../spec/health.ts";
import type { Probe } from "../spec/service.ts";
import { declared } from "../spec/names.ts";
import { instancesOf } from "../spec/instances.ts";
import { serviceUrl } from "./addresses.ts";
import { receivers } from "./alertmanager-config.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import { monitoringReadyPath } from "./monitoring.ts";
import { hostOf } from "./names.ts";
import type { Target } from "./target.ts";

/** Addresses inside the cluster by service, those of monitoring included. */
export function endpoints(target: Target): Record<string, string> {
  const { system, settings } = target;
  const services = Object.entries(system.services).flatMap(([name, { ports }]) =>
    Object.keys(ports)
      .slice(0, 1)
      .map((port) => [name, serviceUrl(target, name, port)]),
  );
  const monitoring = [prometheus, alertmanager].map(({ name, port }) => [
    name,
    `http://${hostOf(name, settings.namespace)}:${port}`,
  ]);
  return Object.fromEntries([...services, ...monitoring].sort()) as Record<string, string>;
}

/** Every declared health path of every service and instance, those for load balancers included, and of monitoring. */
export function healthChecks({ system, settings: { namespace } }: Target): HealthCheck[] {
  const services = Object.entries(system.services).flatMap(([name, service]) => {
    const published = Object.values(system.publicEndpoints).filter((endpoint) => endpoint.service === name);
    const probes: Probe[] = [
      ...Object.values(service.probes),
      ...(service.health ? [service.health] : []),
      ...published.map(({ port, healthPath }) => ({ port, path: healthPath })),
    ];
    const asked = new Map(probes.map((probe) => [JSON.stringify(question(probe)), probe]));
    return instancesOf(name, service).flatMap(({ workload }) =>
      [...asked.values()].map((probe) => ({
        service: workload,
        namespace,
        port: declared(service.ports, probe.port ?? "http").port,
        path: probe.path,
      })),
    );
  });
  const monitoring = [prometheus, alertmanager].map(({ name, port }) => ({
    service: name,
    namespace,
    port,
    path: monitoringReadyPath,
  }));
  return [...services, ...monitoring];
}

function question({ path, port = "http" }: Probe) {
  return { path, port };
}

/** The address of the first store of an engine as host:port; empty without one. */
export function storeEndpoint({ system, settings }: Target, engine: "postgres" | "redis"): string {
  for (const [name, store] of Object.entries(system.stores)) {
    if (store.engine === engine) return `${hostOf(name, settings.namespace)}:${store.port}`;
  }
  return "";
}

/** Where alerts are seen. */
export function alertReceiver({ settings }: Target): string {
  return `${hostOf(alertmanager.name, settings.namespace)}:${alertmanager.port} (${Object.values(receivers).join(", ")})`;
}
