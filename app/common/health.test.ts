import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import fc from "fast-check";
import { describe, it } from "mocha";
import { Registry } from "prom-client";

import { Health, overallStatus, type ComponentState } from "./health.ts";

const state = (status: "up" | "down", critical: boolean): ComponentState => ({ status, critical, responseTimeMs: 1 });

describe("the health of a service", () => {
  it("is computed from its components", () => {
    const anyState = fc.record({ status: fc.constantFrom("up" as const, "down" as const), critical: fc.boolean() });
    fc.assert(
      fc.property(fc.array(anyState), (given) => {
        const states = given.map(({ status, critical }) => state(status, critical));
        const criticalDown = given.some(({ status, critical }) => critical && status === "down");
        const anyDown = given.some(({ status }) => status === "down");
        assert.equal(overallStatus(states), criticalDown ? "unhealthy" : anyDown ? "degraded" : "healthy");
      }),
    );
  });

  it("tells of each component and of parts of their own", async () => {
    const health = new Health();
    health.add({ name: "good", critical: true, check: () => "any value" });
    health.add({
      name: "bad",
      critical: false,
      check: () => Promise.reject(Object.assign(new Error("host 10.0.0.1 refused"), { code: "ECONNREFUSED" })),
    });
    health.describe("xmtp", () => ({ connected: false }));
    const { timestamp, services, ...rest } = await health.report();
    assert.equal(new Date(timestamp).toISOString(), timestamp);
    assert.deepEqual(rest, { status: "degraded", xmtp: { connected: false } });
    assert.equal(services["good"]?.status, "up");
    assert.deepEqual([services["bad"]?.status, services["bad"]?.reason], ["down", "ECONNREFUSED"]);
  });

  it("takes a component that throws, or does not answer in time, for down", async () => {
    const health = new Health({ timeout: 20 });
    let aborted = false;
    health.add({
      name: "throws",
      critical: true,
      check: () => {
        throw new Error("secret words");
      },
    });
    health.add({
      name: "hangs",
      critical: true,
      check: (signal) => new Promise(() => signal.addEventListener("abort", () => (aborted = true))),
    });
    const { services, status } = await health.report();
    assert.equal(status, "unhealthy");
    assert.equal(services["throws"]?.reason, "FAILED");
    assert.equal(services["hangs"]?.reason, "TIMEOUT");
    assert.ok(aborted);
  });

  it("asks once for many questions, and again when the answer is old", async () => {
    let asked = 0;
    const health = new Health({ freshness: 30 });
    health.add({ name: "counted", critical: true, check: () => (asked += 1) });
    await Promise.all([health.report(), health.report(), health.isReady()]);
    assert.equal(asked, 1);
    await sleep(40);
    await health.report();
    assert.equal(asked, 2);
  });

  it("is ready only while it runs and nothing critical is down", async () => {
    let works = true;
    const health = new Health({ freshness: -1 });
    health.add({ name: "optional", critical: false, check: () => Promise.reject(new Error("down")) });
    health.add({
      name: "needed",
      critical: true,
      check: () => (works ? undefined : Promise.reject(new Error("down"))),
    });
    assert.equal(await health.isReady(), false);
    health.phase = "running";
    assert.equal(await health.isReady(), true);
    works = false;
    assert.equal(await health.isReady(), false);
    works = true;
    health.phase = "stopping";
    assert.equal(await health.isReady(), false);
  });

  it("tells of a change once, and exports each component", async () => {
    const changes: string[] = [];
    const health = new Health({ freshness: -1, onChange: (name, { status }) => changes.push(`${name} ${status}`) });
    let works = false;
    health.add({ name: "store", critical: true, check: () => (works ? undefined : Promise.reject(new Error("down"))) });
    const registry = new Registry();
    health.measure(registry);
    assert.match(await registry.metrics(), /^component_up\{component="store"\} 0$/m);
    await health.report();
    works = true;
    assert.match(await registry.metrics(), /^component_up\{component="store"\} 1$/m);
    assert.deepEqual(changes, ["store down", "store up"]);
  });
});
