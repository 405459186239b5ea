import type { Redis } from "ioredis";

/** An entry of the stream, delivered to this worker. */
export interface Delivery {
  entry: string;
  fields: Record<string, string>;
}

type Entry = [entry: string, fields: string[] | null];

/** The order queue: a Redis stream read by one consumer group (WS-SVC-03, WS-APP-11). */
export class OrderQueue {
  readonly #redis: Redis;
  readonly #reader: Redis;
  readonly #stream: string;
  readonly #consumer: string;
  readonly #group = "order-queue-worker";

  /**
   * @param reader a connection that does nothing else, since reading blocks it
   * @param consumer the name of this worker within the group
   */
  constructor(redis: Redis, reader: Redis, stream: string, consumer: string) {
    this.#redis = redis;
    this.#reader = reader;
    this.#stream = stream;
    this.#consumer = consumer;
  }

  /** Creates stream and group unless they exist. */
  async prepare(): Promise<void> {
    try {
      await this.#redis.xgroup("CREATE", this.#stream, this.#group, "0", "MKSTREAM");
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith("BUSYGROUP"))) throw error;
    }
  }

  /** Waits for new entries. @param wait milliseconds */
  async next(count: number, wait: number): Promise<Delivery[]> {
    const group = ["GROUP", this.#group, this.#consumer] as const;
    const limits = ["COUNT", count, "BLOCK", wait] as const;
    const reply = await this.#reader.xreadgroup(...group, ...limits, "STREAMS", this.#stream, ">");
    return (reply ?? []).flatMap(([, entries]) => entries.map(toDelivery));
  }

  /** Takes over entries that were delivered longer ago than the given milliseconds and never finished. */
  async takeOver(count: number, idle: number): Promise<Delivery[]> {
    const from = [this.#stream, this.#group, this.#consumer, idle, "0-0"] as const;
    const reply = await this.#redis.xautoclaim(...from, "COUNT", count);
    return (reply[1] as Entry[]).map(toDelivery);
  }

  /** How often an entry has been delivered. */
  async deliveries(entry: string): Promise<number> {
    const reply = (await this.#redis.xpending(this.#stream, this.#group, entry, entry, 1)) as [[...unknown[]]?];
    return Number(reply[0]?.[3] ?? 0);
  }

  /** Removes a finished entry. */
  async finish({ entry }: Delivery): Promise<void> {
    await transact(this.#redis.multi().xack(this.#stream, this.#group, entry).xdel(this.#stream, entry));
  }

  /**
   * Moves an entry to the stream `<name>.dead`, with the reason.
   *
   * @param keep milliseconds after which dead letters are forgotten
   */
  async bury({ entry, fields }: Delivery, reason: string, keep: number): Promise<void> {
    const notes = { deadReason: reason, deadEntry: entry, deadAt: new Date().toISOString() };
    const letter = Object.entries({ ...fields, ...notes }).flat();
    const oldest = Date.now() - keep;
    await transact(
      this.#redis
        .multi()
        .xadd(`${this.#stream}.dead`, "MINID", "~", oldest, "*", ...letter)
        .xack(this.#stream, this.#group, entry)
        .xdel(this.#stream, entry),
    );
  }

  /** Entries that wait: new ones, and delivered ones that are not finished. */
  async backlog(): Promise<{ waiting: number; pending: number; dead: number }> {
    const [length, pending, dead] = await Promise.all([
      this.#redis.xlen(this.#stream),
      this.#redis.xpending(this.#stream, this.#group) as Promise<[number, ...unknown[]]>,
      this.#redis.xlen(`${this.#stream}.dead`),
    ]);
    return { waiting: length - pending[0], pending: pending[0], dead };
  }
}

/** Within a transaction a single command can fail without the rest noticing. */
async function transact(transaction: ReturnType<Redis["multi"]>): Promise<void> {
  const results = await transaction.exec();
  if (results === null) throw new Error("The transaction of the order queue was not executed.");
  for (const [error] of results) if (error) throw error;
}

function toDelivery([entry, fields]: Entry): Delivery {
  const list = fields ?? [];
  const pairs = list.flatMap((name, index): [string, string][] => (index % 2 ? [] : [[name, list[index + 1] ?? ""]]));
  return { entry, fields: Object.fromEntries(pairs) };
}
