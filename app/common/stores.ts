import type { Pool } from "pg";

import type { Configuration } from "./configuration.ts";
import type { Health } from "./health.ts";
import type { Logger } from "./logger.ts";
import type { Metrics } from "./metrics.ts";
import { createPostgresPool } from "./postgres.ts";
import { RedisPool } from "./redis.ts";
import { measureRedis } from "./redis-metrics.ts";
import type { storeSettings } from "./shared-settings.ts";
import type { Shutdown } from "./shutdown.ts";

/** The stores that every worldstore process uses. */
export interface Stores {
  postgres: Pool;
  redis: RedisPool;
}

export interface StoresContext {
  name: string;
  configuration: Configuration<typeof storeSettings>;
  logger: Logger;
  metrics: Metrics;
  health: Health;
  shutdown: Shutdown;
}

/** Opens PostgreSQL and Redis, watches them as critical components and closes them at the stop. */
export function openStores({ name, configuration, logger, metrics, health, shutdown }: StoresContext): Stores {
  measureRedis(metrics.registry);
  const postgres = createPostgresPool({ url: configuration.DATABASE_URL, name, logger });
  shutdown.add("PostgreSQL", () => postgres.end());
  health.add({ name: "postgres", critical: true, check: () => postgres.query("SELECT 1") });

  const redis = new RedisPool({
    url: configuration.REDIS_URL,
    name,
    logger,
    minimum: configuration.REDIS_POOL_MIN,
    maximum: configuration.REDIS_POOL_MAX,
    acquireTimeout: configuration.REDIS_POOL_ACQUIRE_TIMEOUT_MS,
  });
  shutdown.add("Redis", () => redis.close());
  health.add({ name: "redis", critical: true, check: () => redis.use((connection) => connection.ping()) });
  return { postgres, redis };
}
