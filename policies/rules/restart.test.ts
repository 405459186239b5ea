import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { ecsService } from "../testing/copies.ts";
import { ecsContainer, podPath, POD_KINDS, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { restart } from "./restart.ts";

const POLICY = "restart";
type Kind = keyof typeof POD_KINDS;

const pod = (restartPolicy: unknown, kind: Kind = "Deployment") =>
  verdict(POLICY, workload(podSpec({ restartPolicy }), kind));

describe("POL-RESTART (RB-SEC-21)", () => {
  it("accepts pods that restart, as they do when nothing is said", async () => {
    assert.deepEqual(await pod("Always"), []);
    assert.deepEqual(await pod(undefined, "Pod"), []);
  });

  it("rejects pods that do not restart, of every kind but jobs", async () => {
    for (const kind of Object.keys(POD_KINDS) as Kind[]) {
      const expected = ["Job", "CronJob"].includes(kind)
        ? []
        : [`mandatory ${podPath(kind)}.restartPolicy: "OnFailure"`];
      assert.deepEqual(await pod("OnFailure", kind), expected, kind);
    }
  });

  it("demands a copy of each ECS service but daemons", async () => {
    for (const [count, found] of [
      [undefined, "nothing"],
      [0, "0"],
    ]) {
      assert.deepEqual(await verdict(POLICY, ecsService({ desiredCount: count })), [
        `mandatory desiredCount: ${found}`,
      ]);
    }
    assert.deepEqual(await verdict(POLICY, ecsService({ desiredCount: 1 })), []);
    assert.deepEqual(await verdict(POLICY, ecsService({ desiredCount: undefined, schedulingStrategy: "DAEMON" })), []);
  });

  it("demands an essential container of each task", async () => {
    const containers = (...list: unknown[]) =>
      verdict(POLICY, taskDefinition(list.map((essential) => ecsContainer({ essential }))));
    assert.deepEqual(await containers(undefined), []);
    assert.deepEqual(await containers(false, true), []);
    assert.deepEqual(await containers(), []);
    assert.deepEqual(await containers(false, false), [
      "mandatory containerDefinitions[0].essential: no essential container",
    ]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await pod(UNKNOWN), ["advisory not evaluated: spec.template.spec.restartPolicy"]);
    assert.deepEqual(await verdict(POLICY, ecsService({ desiredCount: UNKNOWN })), [
      "advisory not evaluated: desiredCount",
    ]);
    assert.deepEqual(await verdict(POLICY, taskDefinition(UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
  });

  it("remedies the kinds that know only one answer", () => {
    const loose = workload(podSpec({ restartPolicy: "Never" }), "StatefulSet");
    assert.deepEqual(verdictRemediated(restart, loose), { verdict: [], idempotent: true });
    for (const kept of [
      workload(),
      workload(podSpec({ restartPolicy: "Always" })),
      workload(podSpec({ restartPolicy: "Never" }), "Job"),
      workload(podSpec({ restartPolicy: "Never" }), "Pod"),
    ]) {
      assert.deepEqual(remediated(restart, kept), kept);
    }
  });
});
