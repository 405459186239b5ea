import type { Target as AwsTarget } from "../aws/target.ts";
import type { System } from "../spec/system.ts";
import type { Target } from "./target.ts";

/**
 * The stores that are on AWS beside the cluster. A queue is a Redis in the cluster in every mode, since pods have no
 * identity in AWS with which they could use SQS.
 */
export function managedStores({ system, settings }: Target): ReadonlySet<string> {
  if (settings.datastoreMode !== "managed") return new Set();
  return new Set(
    Object.entries(system.stores)
      .filter(([, { engine }]) => engine !== "queue")
      .map(([name]) => name),
  );
}

/** The part of a system that is on AWS: its managed stores, and who uses them. What runs, and the edge, is the cluster's. */
export function managedPart(target: Target): AwsTarget {
  const { system, settings } = target;
  const { aws } = settings;
  if (aws === undefined) throw new Error("the settings for AWS are missing");
  const managed = managedStores(target);
  const part: System = {
    ...system,
    services: Object.fromEntries(
      Object.entries(system.services).map(([name, { volumes: _, ...service }]) => [name, service]),
    ),
    stores: Object.fromEntries(Object.entries(system.stores).filter(([name]) => managed.has(name))),
    flows: system.flows.filter(({ to }) => "store" in to && managed.has(to.store)),
    publicEndpoints: {},
    jobs: {},
  };
  return { system: part, settings, aws };
}
