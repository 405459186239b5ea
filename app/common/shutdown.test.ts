import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { describe, it } from "mocha";

import { Shutdown } from "./shutdown.ts";

describe("the stop of a service", () => {
  const prepared = (grace = 1_000, delay = 20) => {
    const events: string[] = [];
    const logger = { info: () => undefined, error: (...args: unknown[]) => events.push(String(args.at(-1))) };
    const shutdown = new Shutdown({
      logger,
      notReady: () => events.push("not ready"),
      delay,
      grace,
      exit: (code) => events.push(`exit ${code}`),
    });
    shutdown.signal.addEventListener("abort", () => events.push("aborted"));
    return { events, shutdown };
  };

  it("says first that it is not ready, then closes the last opened first, then ends with 0", async () => {
    const { events, shutdown } = prepared();
    shutdown.add("pool", () => void events.push("pool closed"));
    shutdown.add("server", async () => {
      await sleep(10);
      events.push("server closed");
    });
    await shutdown.begin("SIGTERM");
    assert.deepEqual(events, ["not ready", "aborted", "server closed", "pool closed", "exit 0"]);
  });

  it("waits between not ready and the first close", async () => {
    const { events, shutdown } = prepared(1_000, 50);
    const stopping = shutdown.begin("SIGTERM");
    await sleep(10);
    assert.deepEqual(events, ["not ready"]);
    await stopping;
    assert.deepEqual(events, ["not ready", "aborted", "exit 0"]);
  });

  it("closes the rest when a part fails, and ends with 1", async () => {
    const { events, shutdown } = prepared();
    shutdown.add("first", () => void events.push("first closed"));
    shutdown.add("second", () => Promise.reject(new Error("stuck")));
    await shutdown.begin("SIGTERM");
    assert.deepEqual(events, ["not ready", "aborted", "second could not be closed.", "first closed", "exit 1"]);
  });

  it("is forced when it outlasts its grace", async () => {
    const { events, shutdown } = prepared(60);
    shutdown.add("never", () => new Promise(() => undefined));
    void shutdown.begin("SIGTERM");
    await sleep(120);
    assert.deepEqual(events.slice(2), ["The stop took longer than 60 ms: ending at once.", "exit 1"]);
  });

  it("is forced by a second signal", async () => {
    const { events, shutdown } = prepared();
    void shutdown.begin("SIGTERM");
    await shutdown.begin("SIGINT");
    assert.deepEqual(events, ["not ready", "A second stop signal came: ending at once.", "exit 1"]);
  });
});
