import type { RedisStore } from "../spec/store.ts";
import { toMebibytes, type Size } from "../spec/units.ts";

/** What Redis may use of its container's memory; the rest is for buffers and for the copy that a snapshot makes. */
const memoryShare = 0.75;

/** The parts of a Redis or queue specification that become settings. */
export type RedisPlan = Pick<RedisStore, "memory" | "persistence" | "eviction">;

const persistenceSettings: Record<RedisStore["persistence"], readonly string[]> = {
  none: ['save ""', "appendonly no"],
  snapshot: ["save 3600 1 300 100 60 10000", "appendonly no"],
  "append-only": ['save ""', "appendonly yes", "appendfsync everysec"],
};

/** The server's settings as a redis.conf. Addresses, certificates and users are the image's. */
export function redisConf({ memory, persistence, eviction }: RedisPlan): string {
  const lines = [
    `maxmemory ${Math.floor(toMebibytes(memory) * memoryShare)}mb`,
    `maxmemory-policy ${eviction}`,
    ...persistenceSettings[persistence],
  ];
  return lines.map((line) => `${line}\n`).join("");
}

/**
 * What a service may do: everything with data, nothing that administers or endangers the server. INFO is allowed, since
 * clients ask it whether the server is ready.
 */
const serviceRules = "~* &* +@all -@admin -@dangerous +info";

/** The server's users as the image's start script reads them. */
export function redisUsers(
  users: readonly { user: string; rules?: string }[],
  secretsFolder: string,
): { users: { name: string; passwordFile: string; rules: string }[] } {
  return {
    users: users.map(({ user, rules = serviceRules }) => ({
      name: user,
      passwordFile: `${secretsFolder}/${user}`,
      rules,
    })),
  };
}

/** Size of the volume: the append-only file and its rewritten copy, beside a snapshot. */
export function redisStorage(memory: Size): Size {
  return `${Math.max(toMebibytes("1 GiB"), 4 * toMebibytes(memory))} MiB`;
}
