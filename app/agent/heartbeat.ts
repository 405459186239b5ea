import type { RedisPool } from "../common/redis.ts";
import { pause } from "../common/retry.ts";

const seconds = { period: 10, expiry: 35 };

/**
 * Tells in Redis that this agent lives: key `agent:heartbeat:<instance>`, value the time of the last sign, gone 35
 * seconds after it. A failed sign is left out: the health of Redis is watched elsewhere.
 */
export async function keepHeartbeat(redis: RedisPool, instance: string, signal: AbortSignal): Promise<void> {
  const key = `agent:heartbeat:${instance}`;
  while (!signal.aborted) {
    const sign = redis.use((connection) => connection.set(key, new Date().toISOString(), "EX", seconds.expiry));
    await sign.catch(() => undefined);
    await pause(seconds.period * 1_000, signal);
  }
  await redis.use((connection) => connection.del(key)).catch(() => undefined);
}
