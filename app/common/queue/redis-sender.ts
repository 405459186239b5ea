import type { Redis } from "ioredis";

import type { QueueMessage, QueueSender } from "./queue.ts";

/** Sends to a Redis stream. */
export class RedisSender implements QueueSender {
  readonly #redis: Redis;
  readonly #stream: string;

  constructor(redis: Redis, stream: string) {
    this.#redis = redis;
    this.#stream = stream;
  }

  async send({ id, correlationId, payload }: QueueMessage): Promise<void> {
    await this.#redis.xadd(this.#stream, "*", ...Object.entries({ id, correlationId, payload }).flat());
  }

  async check(): Promise<void> {
    await this.#redis.ping();
  }

  close(): void {
    this.#redis.disconnect();
  }
}
