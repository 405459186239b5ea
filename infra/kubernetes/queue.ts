import type { QueueStore } from "../spec/store.ts";
import { managedStores } from "./managed.ts";
import type { RedisPlan } from "./redis-config.ts";
import type { Target } from "./target.ts";

/**
 * The order queue is a Redis of its own with Redis Streams: nothing is ever forgotten to make room, and every write is on disk.
 */
export function queuePlan({ memory, port }: QueueStore): RedisPlan & { port: number } {
  return { memory, port, persistence: "append-only", eviction: "noeviction" };
}

/** Names of the stores that are a Redis server in the cluster, sorted. */
export function redisStores(target: Target): string[] {
  const { stores } = target.system;
  const managed = managedStores(target);
  return Object.keys(stores)
    .filter((name) => (stores[name]?.engine === "redis" || stores[name]?.engine === "queue") && !managed.has(name))
    .sort();
}
