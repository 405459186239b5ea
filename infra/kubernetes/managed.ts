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
