import type { Omission, OmittableFeature } from "../settings.ts";
import type { Service, Variable } from "./service.ts";
import type { System } from "./system.ts";

/**
 * The specification without the features that a stack leaves out: what is left is deployed whole.
 *
 * Without blue-green a service is replaced by a rolling update without a gap; without autoscaling it runs its minimum.
 * Variables that speak of a store that is left out go with it.
 */
export function withoutFeatures(system: System, omissions: readonly Pick<Omission, "feature">[]): System {
  const omitted = new Set(omissions.map(({ feature }) => feature));
  if (omitted.size === 0) return system;
  const gone = new Set(
    omitted.has("object-stores") ? Object.keys(system.stores).filter((name) => isObjects(system, name)) : [],
  );
  const jobs = omitted.has("jobs") ? {} : system.jobs;
  return {
    ...system,
    services: mapValues(system.services, (service) => reduced(service, omitted, gone)),
    jobs: mapValues(jobs, (job) => ({ ...job, variables: without(job.variables, gone) })),
    stores: Object.fromEntries(Object.entries(system.stores).filter(([name]) => !gone.has(name))),
    publicEndpoints: omitted.has("public-endpoints") ? {} : system.publicEndpoints,
    flows: system.flows.filter(
      ({ from, to }) =>
        !("store" in to && gone.has(to.store)) &&
        !("job" in from && !(from.job in jobs)) &&
        !("edge" in from && omitted.has("public-endpoints")),
    ),
  };
}

function reduced(service: Service, omitted: ReadonlySet<OmittableFeature>, gone: ReadonlySet<string>): Service {
  const { release, scaling } = service;
  return {
    ...service,
    variables: without(service.variables, gone),
    release:
      release.strategy === "blue-green" && omitted.has("blue-green")
        ? { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 }
        : release,
    scaling: "minimum" in scaling && omitted.has("autoscaling") ? { replicas: scaling.minimum } : scaling,
  };
}

function without(variables: Record<string, Variable>, gone: ReadonlySet<string>): Record<string, Variable> {
  const kept = Object.entries(variables).filter(
    ([, value]) => typeof value === "string" || !("store" in value) || !gone.has(value.store),
  );
  return Object.fromEntries(kept);
}

function isObjects({ stores }: System, name: string): boolean {
  return stores[name]?.engine === "objects";
}

function mapValues<Value>(all: Record<string, Value>, change: (value: Value) => Value): Record<string, Value> {
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [name, change(value)]));
}
