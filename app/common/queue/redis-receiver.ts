import type { Redis } from "ioredis";

import { batchSize, type Backlog, type Delivery, type QueueReceiver } from "./queue.ts";

export interface RedisReceiverOptions {
  stream: string;
  /** The name of this receiver within the group. */
  consumer: string;
  /** Milliseconds after which an entry that was not finished is taken over. */
  redelivery: number;
  /** Deliveries after which an entry counts as exhausted. */
  maxDeliveries: number;
  /** Milliseconds for which dead letters are kept. */
  keepDead: number;
}

type Entry = [entry: string, fields: string[] | null];

const group = "order-queue-worker";
/** Milliseconds to wait for new entries, after which those that others left are looked for. */
const wait = 2_000;

/**
 * Receives from a Redis stream that is read by one consumer group (WS-SVC-03, WS-APP-11). Dead letters go to the stream
 * `<name>.dead`.
 */
export class RedisReceiver implements QueueReceiver {
  readonly #redis: Redis;
  readonly #reader: Redis;
  readonly #options: RedisReceiverOptions;

  /** @param reader a connection that does nothing else, since reading blocks it */
  constructor(redis: Redis, reader: Redis, options: RedisReceiverOptions) {
    this.#redis = redis;
    this.#reader = reader;
    this.#options = options;
  }

  /** Creates stream and group unless they exist. */
  async prepare(): Promise<void> {
    try {
      await this.#redis.xgroup("CREATE", this.#options.stream, group, "0", "MKSTREAM");
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
    }
  }

  async receive(): Promise<Delivery[]> {
    const left = await this.#takeOver();
    return left.length > 0 ? left : await this.#next();
  }

  /** Resets the time since the last delivery without counting one. */
  async extend(deliveries: readonly Delivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const { stream, consumer } = this.#options;
    await this.#redis.xclaim(stream, group, consumer, 0, ...deliveries.map(({ handle }) => handle), "JUSTID");
  }

  async finish({ handle }: Delivery): Promise<void> {
    const { stream } = this.#options;
    await transact(this.#redis.multi().xack(stream, group, handle).xdel(stream, handle));
  }

  /** Does nothing: another receiver takes the entry over in its time. */
  async release(): Promise<void> {}

  /** Moves an entry to the dead letters, with the reason. */
  async reject({ entry, handle, fields }: Delivery, reason: string): Promise<boolean> {
    const { stream, keepDead } = this.#options;
    const notes = { deadReason: reason, deadEntry: entry, deadAt: new Date().toISOString() };
    const letter = Object.entries({ ...fields, ...notes }).flat();
    const oldest = Date.now() - keepDead;
    await transact(
      this.#redis
        .multi()
        .xadd(`${stream}.dead`, "MINID", "~", oldest, "*", ...letter)
        .xack(stream, group, handle)
        .xdel(stream, handle),
    );
    return true;
  }

  async backlog(): Promise<Backlog> {
    const { stream } = this.#options;
    const [length, pending, dead] = await Promise.all([
      this.#redis.xlen(stream),
      this.#redis.xpending(stream, group) as Promise<[number, ...unknown[]]>,
      this.#redis.xlen(`${stream}.dead`),
    ]);
    return { waiting: length - pending[0], pending: pending[0], dead };
  }

  close(): void {
    this.#reader.disconnect();
    this.#redis.disconnect();
  }

  async #next(): Promise<Delivery[]> {
    const { stream, consumer } = this.#options;
    const limits = ["COUNT", batchSize, "BLOCK", wait] as const;
    const reply = await this.#reader.xreadgroup("GROUP", group, consumer, ...limits, "STREAMS", stream, ">");
    return (reply ?? []).flatMap(([, entries]) => entries.map((entry) => toDelivery(entry, 1, false)));
  }

  /** Takes over entries that were delivered earlier and never finished. */
  async #takeOver(): Promise<Delivery[]> {
    const { stream, consumer, redelivery, maxDeliveries } = this.#options;
    const reply = await this.#redis.xautoclaim(stream, group, consumer, redelivery, "0-0", "COUNT", batchSize);
    const taken = (reply[1] as Entry[]).map(async (entry) => {
      const deliveries = await this.#deliveries(entry[0]);
      return toDelivery(entry, deliveries, deliveries > maxDeliveries);
    });
    return await Promise.all(taken);
  }

  async #deliveries(entry: string): Promise<number> {
    const reply = (await this.#redis.xpending(this.#options.stream, group, entry, entry, 1)) as [[...unknown[]]?];
    return Number(reply[0]?.[3] ?? 0);
  }
}

/** Within a transaction a single command can fail without the rest noticing. */
async function transact(transaction: ReturnType<Redis["multi"]>): Promise<void> {
  const results = await transaction.exec();
  if (results === null) throw new Error("The transaction of the order queue was not executed.");
  for (const [error] of results) if (error) throw error;
}

function toDelivery([entry, fields]: Entry, deliveries: number, exhausted: boolean): Delivery {
  const list = fields ?? [];
  const pairs = list.flatMap((name, index): [string, string][] => (index % 2 ? [] : [[name, list[index + 1] ?? ""]]));
  return { entry, handle: entry, fields: Object.fromEntries(pairs), deliveries, exhausted };
}
