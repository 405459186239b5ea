import { createPool, type Pool } from "generic-pool";
import { Redis } from "ioredis";

import type { Logger } from "./logger.ts";

export interface RedisConnectionOptions {
  /** `rediss://USER:PASSWORD@HOST:PORT`; the server's certificate must fit its host name. */
  url: string;
  /** Shown by Redis as the name of the client, and in the log. */
  name: string;
  logger: Pick<Logger, "warn" | "info">;
}

export interface RedisPoolOptions extends RedisConnectionOptions {
  /** Connections kept open, and the most at a time (WS-CFG-15). */
  minimum: number;
  maximum: number;
  /** Milliseconds to wait for a free connection (WS-CFG-15). */
  acquireTimeout: number;
}

/** A pool of Redis connections (WS-APP-08). Each of them reconnects by itself. */
export class RedisPool {
  readonly #pool: Pool<Redis>;

  constructor({ minimum, maximum, acquireTimeout, ...connection }: RedisPoolOptions) {
    const factory = {
      create: () => Promise.resolve(connectRedis(connection)),
      destroy: (redis: Redis) => Promise.resolve(redis.disconnect()),
    };
    this.#pool = createPool(factory, { min: minimum, max: maximum, acquireTimeoutMillis: acquireTimeout });
  }

  /** Lends a connection to the work. */
  async use<T>(work: (redis: Redis) => Promise<T>): Promise<T> {
    return await this.#pool.use(work);
  }

  /** Waits for what is lent, then closes all connections. */
  async close(): Promise<void> {
    await this.#pool.drain();
    await this.#pool.clear();
  }
}

/**
 * One Redis connection. It reconnects by itself, also when a failover has left it at a replica; a command that finds no
 * connection fails after 5 seconds instead of waiting for ever.
 */
export function connectRedis({ url, name, logger }: RedisConnectionOptions): Redis {
  const redis = new Redis(url, {
    connectionName: name,
    connectTimeout: 5_000,
    commandTimeout: 5_000,
    maxRetriesPerRequest: 2,
    retryStrategy: (attempt) => Math.min(100 * attempt, 2_000),
    reconnectOnError: (error) => error.message.startsWith("READONLY"),
  });
  let broken = false;
  redis.on("error", (error) => {
    if (!broken) logger.warn({ error }, `The connection ${name} to Redis broke; it is tried again.`);
    broken = true;
  });
  redis.on("ready", () => {
    if (broken) logger.info(`The connection ${name} to Redis is back.`);
    broken = false;
  });
  return redis;
}
