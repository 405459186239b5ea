import assert from "node:assert/strict";
import { UNKNOWN, urnOf } from "../testing/analyzer.ts";
import { autoscaler, copies, ecsService, scalingTarget } from "../testing/copies.ts";
import { stackVerdict } from "../testing/pack.ts";
import type { TestResource } from "../testing/analyzer.ts";

const POLICY = "min-replicas";

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);

describe("POL-MIN-REPLICAS (AR-SEC-01)", () => {
  it("accepts the minimum of the system and component", async () => {
    assert.deepEqual(await judge(copies({ replicas: 2 })), []);
    assert.deepEqual(await judge(copies({}, { name: "worldstore-agent", kind: "StatefulSet" })), []);
    assert.deepEqual(await judge(copies({ replicas: 3 }, { name: "api", system: "archesai" })), []);
    assert.deepEqual(await judge(ecsService()), []);
  });

  it("rejects fewer, and reads an absent number as one, or none on ECS", async () => {
    assert.deepEqual(await judge(copies({ replicas: 1 })), ["mandatory spec.replicas: 1"]);
    assert.deepEqual(await judge(copies()), ["mandatory spec.replicas: nothing"]);
    assert.deepEqual(await judge(copies({ replicas: 2 }, { name: "api", system: "archesai" })), [
      "mandatory spec.replicas: 2",
    ]);
    assert.deepEqual(await judge(ecsService({ desiredCount: undefined })), ["mandatory desiredCount: nothing"]);
    assert.deepEqual(await judge(ecsService({ desiredCount: 0 }, "worldstore-agent")), ["mandatory desiredCount: 0"]);
    assert.deepEqual(await judge(copies({ replicas: "many" })), ['mandatory spec.replicas: "many"']);
  });

  it("says nothing of components without a minimum, of other systems and of other kinds", async () => {
    assert.deepEqual(await judge(copies({}, { name: "order-queue-worker" })), []);
    assert.deepEqual(await judge(copies({}, { system: "other" })), []);
    assert.deepEqual(await judge(copies({}, { kind: "DaemonSet" })), []);
    assert.deepEqual(await judge(ecsService({ desiredCount: 0, schedulingStrategy: "DAEMON" })), []);
    assert.deepEqual(await judge(copies({}, { name: "billing", system: "retail-brain" })), [
      "mandatory spec.replicas: nothing",
    ]);
  });

  it("says nothing in development", async () => {
    const resource = copies();
    const metadata = resource.properties["metadata"] as { labels: Record<string, string> };
    metadata.labels["environment"] = "dev";
    assert.deepEqual(await judge(resource), []);
  });

  it("counts by what scales the workload", async () => {
    assert.deepEqual(await judge(copies({ replicas: 1 }), autoscaler()), []);
    assert.deepEqual(await judge(copies({ replicas: 5 }), autoscaler({ minReplicas: undefined })), [
      "mandatory spec.minReplicas: nothing",
    ]);
    const elsewhere = autoscaler({}, "other");
    assert.deepEqual(await judge(copies(), elsewhere), ["mandatory spec.replicas: nothing"]);
    assert.deepEqual(await judge(copies(), autoscaler({}, "payment-server", "StatefulSet")), [
      "mandatory spec.replicas: nothing",
    ]);
    assert.deepEqual(await judge(ecsService({ desiredCount: 9 }), scalingTarget({ minCapacity: 1 })), [
      "mandatory minCapacity: 1",
    ]);
    const behind = { ...scalingTarget({ resourceId: UNKNOWN, minCapacity: 1 }) };
    assert.deepEqual(await judge(ecsService(), behind), []);
    behind.propertyDependencies = { resourceId: [urnOf(ecsService())] };
    assert.deepEqual(await judge(ecsService(), behind), ["mandatory minCapacity: 1"]);
  });

  it("lets one colour of a service wait", async () => {
    const colour = (name: string, replicas: number) => copies({ replicas }, { name, component: "payment-server" });
    assert.deepEqual(await judge(colour("server-blue", 2), colour("server-green", 0)), []);
    assert.deepEqual(await judge(colour("server-blue", 1), colour("server-green", 1)), ["mandatory spec.replicas: 1"]);
    const elsewhere = colour("server-green", 2);
    (elsewhere.properties["metadata"] as Record<string, unknown>)["namespace"] = "other";
    assert.deepEqual(await judge(colour("server-blue", 1), elsewhere), ["mandatory spec.replicas: 1"]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge(copies({ replicas: UNKNOWN })), ["advisory not evaluated: spec.replicas"]);
  });

  it("takes the minimum from its configuration", async () => {
    const config = { [POLICY]: { parameters: { minimum: { worldstore: { default: 3 } } } } };
    assert.deepEqual(await stackVerdict(POLICY, [copies({ replicas: 2 })], config), ["mandatory spec.replicas: 2"]);
    assert.deepEqual(await stackVerdict(POLICY, [copies({ replicas: 3 })], config), []);
  });
});
