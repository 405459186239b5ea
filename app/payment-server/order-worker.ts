import type { Logger } from "../common/logger.ts";
import { withCorrelationId } from "../common/correlation.ts";
import { backoff, pause, untilDone } from "../common/retry.ts";
import { readOrderMessage, type OrderMessage } from "./order-message.ts";
import type { Delivery, OrderQueue } from "./order-queue.ts";
import { UnacceptableOrder } from "./orders-inbox.ts";

/** Why an order was set aside. */
export type DeadReason = "malformed" | "refused" | "undeliverable";

export interface OrderWorkerOptions {
  queue: OrderQueue;
  /** Stores an order durably. @throws UnacceptableOrder when it never can be stored */
  store: (order: OrderMessage) => Promise<void>;
  logger: Logger;
  /** Deliveries after which an entry that nobody finished is set aside. */
  maxDeliveries: number;
  /** Milliseconds after which an unfinished entry is taken over. */
  redelivery: number;
  /** Milliseconds for which dead letters are kept. */
  keepDead: number;
  onStored: () => void;
  onDead: (reason: DeadReason) => void;
}

const batchSize = 10;
const wait = 2_000;

/**
 * Moves orders from the queue into the inbox (WS-SVC-03). An order is acknowledged after it is stored, so none is lost;
 * the inbox makes a second delivery harmless. What can never be stored goes to the dead-letter stream at once; a store
 * that is down is waited for and costs no delivery. One order's failure leaves the rest of its batch alone (WS-APP-07).
 */
export class OrderWorker {
  readonly #options: OrderWorkerOptions;

  constructor(options: OrderWorkerOptions) {
    this.#options = options;
  }

  /** Works until the signal aborts; what is in hand is finished first. */
  async run(signal: AbortSignal): Promise<void> {
    const { queue, logger } = this.#options;
    for (let failures = 0; !signal.aborted;) {
      try {
        await queue.prepare();
        while (!signal.aborted) {
          await this.#round(signal);
          failures = 0;
        }
      } catch (error) {
        failures += 1;
        if (failures === 1) logger.warn({ error }, "The order queue cannot be read; it is tried again.");
        await pause(backoff(failures), signal);
      }
    }
  }

  async #round(signal: AbortSignal): Promise<void> {
    const { queue, redelivery, maxDeliveries } = this.#options;
    const taken = await queue.takeOver(batchSize, redelivery);
    const retried = taken.map(async (delivery) => {
      const deliveries = await queue.deliveries(delivery.entry);
      if (deliveries <= maxDeliveries) return await this.#handle(delivery, signal);
      await this.#bury(delivery, "undeliverable", `delivered ${deliveries} times and never finished`);
    });
    await settle(retried);
    if (taken.length > 0) return;
    const fresh = await queue.next(batchSize, wait);
    await settle(fresh.map((delivery) => this.#handle(delivery, signal)));
  }

  async #handle(delivery: Delivery, signal: AbortSignal): Promise<void> {
    const order = readOrderMessage(delivery.fields);
    if ("reason" in order) return await this.#bury(delivery, "malformed", order.reason);
    await withCorrelationId(order.correlationId, () => this.#accept(delivery, order, signal));
  }

  async #accept(delivery: Delivery, order: OrderMessage, signal: AbortSignal): Promise<void> {
    const { queue, logger, onStored } = this.#options;
    const outcome = await untilDone(
      () => this.#store(order),
      signal,
      (error, failures) => {
        if (failures === 1)
          logger.warn({ error, orderId: order.id }, "An order cannot be stored yet; it is tried again.");
      },
    );
    if (outcome === undefined) return;
    if (outcome !== "stored") return await this.#bury(delivery, "refused", outcome.message);
    await queue.finish(delivery);
    onStored();
    logger.info({ orderId: order.id, entry: delivery.entry }, "An order has been received.");
  }

  /** Tells an order that never can be stored from a store that is down, which is worth another try. */
  async #store(order: OrderMessage): Promise<"stored" | UnacceptableOrder> {
    try {
      await this.#options.store(order);
      return "stored";
    } catch (error) {
      if (error instanceof UnacceptableOrder) return error;
      throw error;
    }
  }

  async #bury(delivery: Delivery, kind: DeadReason, reason: string): Promise<void> {
    const { queue, logger, keepDead, onDead } = this.#options;
    await queue.bury(delivery, reason, keepDead);
    onDead(kind);
    logger.error({ entry: delivery.entry, reason }, "An order went to the dead-letter stream.");
  }
}

/** Lets every one end before the first failure counts. */
async function settle(all: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(all)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
