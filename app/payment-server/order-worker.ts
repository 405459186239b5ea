import type { Logger } from "../common/logger.ts";
import { withCorrelationId } from "../common/correlation.ts";
import { backoff, pause, untilDone } from "../common/retry.ts";
import type { Delivery, QueueReceiver } from "../common/queue/queue.ts";
import { readOrderMessage, type OrderMessage } from "./order-message.ts";
import { UnacceptableOrder } from "./orders-inbox.ts";

/** Why an order was set aside. */
export type DeadReason = "malformed" | "refused" | "undeliverable";

export interface OrderWorkerOptions {
  queue: QueueReceiver;
  /** Stores an order durably. @throws UnacceptableOrder when it never can be stored */
  store: (order: OrderMessage) => Promise<void>;
  logger: Logger;
  /** Milliseconds after which the queue gives an unfinished order to another worker. */
  redelivery: number;
  onStored: () => void;
  onDead: (reason: DeadReason) => void;
}

/**
 * Moves orders from the queue into the inbox (WS-SVC-03). An order is acknowledged after it is stored, so none is lost;
 * the inbox makes a second delivery harmless. What can never be stored goes to the dead letters; a store that is down is
 * waited for and costs no delivery. One order's failure leaves the rest of its batch alone (WS-APP-07).
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
    const { queue, logger, redelivery } = this.#options;
    const deliveries = await queue.receive(signal);
    const inHand = new Set(deliveries);
    const extend = () => {
      queue
        .extend([...inHand])
        .catch((error: unknown) => logger.warn({ error }, "Orders in hand may be delivered again."));
    };
    const timer = setInterval(extend, redelivery / 3);
    try {
      await settle(deliveries.map((delivery) => this.#handle(delivery, signal).finally(() => inHand.delete(delivery))));
    } finally {
      clearInterval(timer);
    }
  }

  async #handle(delivery: Delivery, signal: AbortSignal): Promise<void> {
    if (delivery.exhausted) {
      return await this.#reject(delivery, "undeliverable", `delivered ${delivery.deliveries} times and never finished`);
    }
    const order = readOrderMessage(delivery.fields);
    if ("reason" in order) return await this.#reject(delivery, "malformed", order.reason);
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
    if (outcome === undefined) return await queue.release(delivery);
    if (outcome !== "stored") return await this.#reject(delivery, "refused", outcome.message);
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

  async #reject(delivery: Delivery, kind: DeadReason, reason: string): Promise<void> {
    const { queue, logger, onDead } = this.#options;
    const fields = { entry: delivery.entry, reason };
    if (await queue.reject(delivery, reason)) {
      onDead(kind);
      logger.error(fields, "An order went to the dead letters.");
    } else {
      logger.warn(fields, "An order cannot be stored; the queue sets it aside after its last delivery.");
    }
  }
}

/** Lets every one end before the first failure counts. */
async function settle(all: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(all)).find((result) => result.status === "rejected");
  if (failed) throw failed.reason;
}
