import { openReceiver } from "../common/queue/open.ts";
import { runService } from "../common/service.ts";
import { poolSizeRule } from "../common/shared-settings.ts";
import { openStores } from "../common/stores.ts";
import { OrderWorker } from "./order-worker.ts";
import { storeOrder } from "./orders-inbox.ts";
import { keepSchema } from "./schema.ts";
import { workerSettings } from "./settings.ts";
import { measureOrders } from "./worker-metrics.ts";

const day = 86_400_000;

/** Receives orders from the queue. Placing them with a provider comes later; until then they wait in the inbox. */
export async function runWorker(): Promise<void> {
  await runService({
    name: "order-queue-worker",
    settings: workerSettings,
    rules: [poolSizeRule],
    start(context) {
      const { configuration, health, logger, metrics, shutdown } = context;
      const { postgres } = openStores(context);
      const queue = openReceiver({
        url: configuration.QUEUE_URL,
        name: configuration.QUEUE_NAME,
        logger,
        consumer: configuration.HOSTNAME,
        redelivery: configuration.QUEUE_REDELIVERY_MS,
        maxDeliveries: configuration.QUEUE_MAX_DELIVERIES,
        keepDead: configuration.QUEUE_DEAD_LETTER_DAYS * day,
      });
      shutdown.add("the order queue", () => queue.close());
      health.add({ name: "order-queue", critical: true, check: () => queue.backlog() });
      const counted = measureOrders(metrics, queue);
      const worker = new OrderWorker({
        queue,
        store: (order) => storeOrder(postgres, order),
        logger,
        redelivery: configuration.QUEUE_REDELIVERY_MS,
        ...counted,
      });
      const running = keepSchema(postgres, health, logger, shutdown.signal).then(() => worker.run(shutdown.signal));
      shutdown.add("the worker", () => running);
      return Promise.resolve();
    },
  });
}
