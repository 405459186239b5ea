import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { copies, ecsService } from "../testing/copies.ts";
import { workload } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { rolloutSafe } from "./rollout-safe.ts";

const POLICY = "rollout-safe";
const ROLLING = "spec.strategy.rollingUpdate";
const SAFE = { strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } };

const deployment = (spec: Record<string, unknown>, parameters = {}) =>
  verdict(POLICY, copies(spec), { [POLICY]: { parameters } });
const service = (overrides: Record<string, unknown>, name?: string) => verdict(POLICY, ecsService(overrides, name));

describe("POL-ROLLOUT-SAFE (EB-SEC-45, AR-SEC-35, RB-SEC-29)", () => {
  it("accepts a surge of one, nothing missing, and revisions to return to", async () => {
    assert.deepEqual(await deployment(SAFE), []);
    assert.deepEqual(await deployment({ ...SAFE, revisionHistoryLimit: 3 }), []);
    assert.deepEqual(await deployment({ strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } } }), []);
  });

  it("reads an absent strategy as the platform's 25 %", async () => {
    assert.deepEqual(await deployment({}), [
      `mandatory ${ROLLING}.maxSurge: nothing`,
      `mandatory ${ROLLING}.maxUnavailable: nothing`,
    ]);
  });

  it("rejects other amounts, replacing all copies at once, and too few revisions", async () => {
    assert.deepEqual(await deployment({ strategy: { rollingUpdate: { maxSurge: 2, maxUnavailable: 1 } } }), [
      `mandatory ${ROLLING}.maxSurge: 2`,
      `mandatory ${ROLLING}.maxUnavailable: 1`,
    ]);
    assert.deepEqual(await deployment({ strategy: { type: "Recreate" } }), [
      'mandatory spec.strategy.type: "Recreate"',
    ]);
    for (const limit of [0, 2]) {
      assert.deepEqual(await deployment({ ...SAFE, revisionHistoryLimit: limit }), [
        `mandatory spec.revisionHistoryLimit: ${limit}`,
      ]);
    }
  });

  it("asks StatefulSets and DaemonSets only for rolling updates and revisions", async () => {
    for (const kind of ["StatefulSet", "DaemonSet"] as const) {
      assert.deepEqual(await verdict(POLICY, copies({}, { kind })), []);
      const spec = { updateStrategy: { type: "OnDelete" }, revisionHistoryLimit: 1 };
      assert.deepEqual(await verdict(POLICY, copies(spec, { kind })), [
        'mandatory spec.updateStrategy.type: "OnDelete"',
        "mandatory spec.revisionHistoryLimit: 1",
      ]);
    }
    assert.deepEqual(await verdict(POLICY, workload(undefined, "Job")), []);
  });

  it("lets components that must never run twice be recreated", async () => {
    const recreate = copies({ strategy: { type: "Recreate" } }, { name: "worldstore-agent" });
    assert.deepEqual(await verdict(POLICY, recreate), []);
    assert.deepEqual(await verdict(POLICY, recreate, { [POLICY]: { parameters: { exempt: [] } } }), [
      'mandatory spec.strategy.type: "Recreate"',
    ]);
    assert.deepEqual(
      await service({ deploymentMinimumHealthyPercent: 0, deploymentMaximumPercent: 100 }, "worldstore-agent"),
      [],
    );
    assert.deepEqual(await service({ deploymentCircuitBreaker: {} }, "worldstore-agent"), [
      "mandatory deploymentCircuitBreaker.enable: nothing",
      "mandatory deploymentCircuitBreaker.rollback: nothing",
    ]);
  });

  it("takes its limits from the configuration", async () => {
    const spec = { strategy: { rollingUpdate: { maxSurge: 3, maxUnavailable: 1 } }, revisionHistoryLimit: 4 };
    assert.deepEqual(await deployment(spec, { maxSurge: 3, maxUnavailable: 1, minRevisions: 4 }), []);
    assert.deepEqual(await deployment(spec, { maxSurge: 3, maxUnavailable: 1, minRevisions: 5 }), [
      "mandatory spec.revisionHistoryLimit: 4",
    ]);
  });

  it("demands full health, room for a new copy and a rollback of ECS services", async () => {
    assert.deepEqual(await service({}), []);
    assert.deepEqual(
      await service({ deploymentMaximumPercent: undefined, deploymentMinimumHealthyPercent: undefined }),
      [],
    );
    assert.deepEqual(await service({ deploymentMaximumPercent: 101 }), []);
    assert.deepEqual(await service({ deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 99 }), [
      "mandatory deploymentMinimumHealthyPercent: 99",
      "mandatory deploymentMaximumPercent: 100",
    ]);
    assert.deepEqual(await service({ deploymentCircuitBreaker: { enable: true, rollback: false } }), [
      "mandatory deploymentCircuitBreaker.rollback: false",
    ]);
    const external = { deploymentController: { type: "CODE_DEPLOY" }, deploymentCircuitBreaker: undefined };
    assert.deepEqual(await service(external), []);
    assert.deepEqual(
      await service({ deploymentController: { type: "ECS" }, deploymentCircuitBreaker: { enable: true } }),
      ["mandatory deploymentCircuitBreaker.rollback: nothing"],
    );
    assert.deepEqual(await service({ schedulingStrategy: "DAEMON", deploymentMinimumHealthyPercent: 0 }), []);
  });

  it("reports what is not known yet and goes on", async () => {
    assert.deepEqual(await deployment({ strategy: { rollingUpdate: { maxSurge: UNKNOWN, maxUnavailable: 1 } } }), [
      `mandatory ${ROLLING}.maxUnavailable: 1`,
      `advisory not evaluated: ${ROLLING}.maxSurge`,
    ]);
    assert.deepEqual(await service({ deploymentController: UNKNOWN, deploymentMinimumHealthyPercent: 0 }), [
      "mandatory deploymentMinimumHealthyPercent: 0",
      "advisory not evaluated: deploymentController",
    ]);
  });

  it("remedies amounts, revisions and the circuit breaker, and leaves what is meant otherwise", () => {
    for (const loose of [
      copies({ revisionHistoryLimit: 0 }),
      copies({ strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "25%" } } }),
      copies({ revisionHistoryLimit: 1 }, { kind: "StatefulSet" }),
      ecsService({ deploymentCircuitBreaker: undefined }),
    ]) {
      assert.deepEqual(verdictRemediated(rolloutSafe, loose), { verdict: [], idempotent: true });
    }
    for (const kept of [
      copies({ ...SAFE, revisionHistoryLimit: 5 }),
      copies({ strategy: { type: "Recreate" } }),
      copies({ strategy: UNKNOWN }),
      copies({}, { kind: "DaemonSet" }),
      ecsService(),
      ecsService({ deploymentController: { type: "CODE_DEPLOY" }, deploymentCircuitBreaker: undefined }),
      workload(undefined, "Job"),
    ]) {
      assert.deepEqual(remediated(rolloutSafe, kept), kept);
    }
  });
});
