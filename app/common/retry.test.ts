import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";

import { backoff, pause, untilDone } from "./retry.ts";

describe("repeating", () => {
  it("waits longer after each failure, and never longer than 10 seconds", () => {
    assert.deepEqual([1, 2, 3, 6, 7].map(backoff), [250, 500, 1_000, 8_000, 10_000]);
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2_000 }), (n) => backoff(n) <= backoff(n + 1) && backoff(n) <= 10_000),
    );
  });

  it("ends with the first success", async () => {
    const failures: number[] = [];
    let calls = 0;
    const work = () => ((calls += 1) < 2 ? Promise.reject(new Error("not yet")) : Promise.resolve("done"));
    const result = await untilDone(work, new AbortController().signal, (_error, count) => failures.push(count));
    assert.deepEqual([result, calls, failures], ["done", 2, [1]]);
  });

  it("ends at once with an abort", async () => {
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 10);
    const started = performance.now();
    const result = await untilDone(
      () => Promise.reject(new Error("never")),
      controller.signal,
      () => undefined,
    );
    await pause(10_000, controller.signal);
    assert.equal(result, undefined);
    assert.ok(performance.now() - started < 2_000);
  });
});
