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

/** Addresses by service: public if it is published, else inside the cluster, those of monitoring included. */
export function endpoints(target: Target): Record<string, string> {
  const { system, settings } = target;
  const services = Object.entries(system.services).flatMap(([name, { ports }]) =>
    Object.keys(ports)
      .slice(0, 1)
      .map((port) => [name, publicUrl(target, name) ?? serviceUrl(target, name, port)]),
  );
  const monitoring = [prometheus, alertmanager].map(({ name, port }) => [
    name,
    `http://${hostOf(name, settings.namespace)}:${port}`,
  ]);
  return Object.fromEntries([...services, ...monitoring].sort()) as Record<string, string>;
}

function publicUrl({ system, settings }: Target, service: string): string | undefined {
  const published = Object.keys(system.publicEndpoints).sort();
  const endpoint = published.find((name) => system.publicEndpoints[name]?.service === service);
  return endpoint === undefined ? undefined : `https://${declared(settings.hosts, endpoint)}`;
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

/** Where alerts are seen. */
export function alertReceiver({ settings }: Target): string {
  return `${hostOf(alertmanager.name, settings.namespace)}:${alertmanager.port} (${Object.values(receivers).join(", ")})`;
}
