import { Counter, Gauge } from "prom-client";

import type { Metrics } from "../common/metrics.ts";
import type { Backlog, QueueReceiver } from "../common/queue/queue.ts";
import type { DeadReason } from "./order-worker.ts";

/** Exports what happens to orders and how many wait. */
export function measureOrders(
  { registry, errors }: Metrics,
  queue: Pick<QueueReceiver, "backlog">,
): { onStored: () => void; onDead: (reason: DeadReason) => void } {
  const registers = [registry];
  const received = new Counter({
    name: "orders_received_total",
    help: "Orders taken from the queue and stored (WS-SVC-03).",
    registers,
  });
  const dead = new Counter({
    name: "orders_dead_lettered_total",
    help: "Orders that went to the dead letters, by reason (WS-DS-04).",
    labelNames: ["reason"],
    registers,
  });
  new Gauge({
    name: "order_queue_entries",
    help: "Entries of the order queue by state: waiting, pending (delivered and not finished) or dead (in Redis).",
    labelNames: ["state"],
    registers,
    async collect() {
      this.reset();
      const backlog: Partial<Backlog> = await queue.backlog().catch(() => ({}));
      for (const [state, count] of Object.entries(backlog)) this.set({ state }, count);
    },
  });
  return {
    onStored: () => received.inc(),
    onDead(reason) {
      dead.inc({ reason });
      errors.inc({ source: "queue" });
    },
  };
}
