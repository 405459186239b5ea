import { tracingChannel } from "node:diagnostics_channel";
import { Histogram, type Registry } from "prom-client";

/** What ioredis tells about a command while it runs. */
interface Command {
  command: string;
  started?: number;
}

/** Commands that wait for work by design: their duration says nothing about Redis. */
const waiting = new Set(["xread", "xreadgroup", "blpop", "brpop", "bzpopmin", "bzpopmax"]);

/** Measures every Redis command of this process as `redis_response_time_seconds` (WS-MET-08). */
export function measureRedis(registry: Registry): void {
  const histogram = new Histogram({
    name: "redis_response_time_seconds",
    help: "Seconds from a Redis command to its reply (WS-MET-08).",
    labelNames: ["command"],
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
    registers: [registry],
  });
  tracingChannel<unknown, Command>("ioredis:command").subscribe({
    start(context) {
      context.started = performance.now();
    },
    end() {},
    asyncStart() {},
    asyncEnd({ command, started }) {
      const name = command.toLowerCase();
      if (started !== undefined && !waiting.has(name)) {
        histogram.observe({ command: name }, (performance.now() - started) / 1000);
      }
    },
    error() {},
  });
}
