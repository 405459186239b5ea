import type { RedisStore } from "../spec/store.ts";
import { declared } from "../spec/names.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/**
 * The nodes of a Redis store: how many parts its keys are spread over, and how many nodes hold each part.
 *
 * Without cluster mode all keys are in one part. With it there are as many parts as the specification has nodes,
 * each held twice in a highly available profile.
 */
export function cacheTopology(
  { settings, aws }: Pick<Target, "settings" | "aws">,
  { nodes }: Pick<RedisStore, "nodes">,
): { shards: number; copies: number } {
  const { highlyAvailable } = settings.profile;
  if (aws.redisClusterMode) return { shards: nodes, copies: highlyAvailable ? 2 : 1 };
  return { shards: 1, copies: highlyAvailable ? nodes : 1 };
}

/** The ids that ElastiCache gives the nodes of a store's replication group, under which it publishes their metrics. */
export function cacheNodeIds(target: Target, store: string): string[] {
  const specification = declared(target.system.stores, store);
  if (specification.engine !== "redis") throw new Error(`"${store}" is not a Redis store`);
  const { shards, copies } = cacheTopology(target, specification);
  const group = physicalName(target, "replicationGroup", store);
  return numbers(shards).flatMap((shard) =>
    numbers(copies).map(
      (copy) =>
        (target.aws.redisClusterMode ? `${group}-${shard.padStart(4, "0")}-` : `${group}-`) + copy.padStart(3, "0"),
    ),
  );
}

function numbers(count: number): string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1));
}
