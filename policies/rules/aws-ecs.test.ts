import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { ecsService } from "../testing/copies.ts";
import { taskDefinition } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { awsEcs } from "./aws-ecs.ts";

const POLICY = "aws-ecs";
const PROTECTION = "autoScalingGroupProvider.managedTerminationProtection";

const cluster = (settings: unknown): TestResource => ({ type: "aws:ecs/cluster:Cluster", properties: { settings } });
const provider = (autoScalingGroupProvider: unknown): TestResource => {
  return { type: "aws:ecs/capacityProvider:CapacityProvider", properties: { autoScalingGroupProvider } };
};
const files = (efsVolumeConfiguration: unknown) =>
  taskDefinition(undefined, { volumes: [{ name: "tmp" }, { name: "data", efsVolumeConfiguration }] });
const judge = (resource: TestResource) => verdict(POLICY, resource);

describe("POL-AWS-ECS (WS-SEC-46)", () => {
  it("demands that a cluster is watched", async () => {
    for (const value of ["enabled", "enhanced"]) {
      assert.deepEqual(await judge(cluster([{ name: "other" }, { name: "containerInsights", value }])), []);
    }
    assert.deepEqual(await judge(cluster(undefined)), ["mandatory settings: nothing"]);
    assert.deepEqual(await judge(cluster([])), ["mandatory settings: []"]);
    assert.deepEqual(await judge(cluster([{ name: "containerInsights", value: "disabled" }])), [
      'mandatory settings[0].value: "disabled"',
    ]);
    assert.deepEqual(await judge(cluster(UNKNOWN)), ["advisory not evaluated: settings"]);
  });

  it("demands the newest platform, which is the default", async () => {
    for (const platformVersion of [undefined, "LATEST", "1.4.0", "1.0.0"]) {
      assert.deepEqual(await judge(ecsService({ platformVersion })), []);
    }
    assert.deepEqual(await judge(ecsService({ platformVersion: "1.3.0" })), ['mandatory platformVersion: "1.3.0"']);
    const set = { type: "aws:ecs/taskSet:TaskSet", properties: { platformVersion: "1.3.0" } };
    assert.deepEqual(await judge(set), ['mandatory platformVersion: "1.3.0"']);
    assert.deepEqual(await judge(ecsService({ platformVersion: UNKNOWN })), [
      "advisory not evaluated: platformVersion",
    ]);
  });

  it("demands that machines with tasks are not taken away", async () => {
    assert.deepEqual(await judge(provider({ managedTerminationProtection: "ENABLED" })), []);
    assert.deepEqual(await judge(provider({})), [`mandatory ${PROTECTION}: nothing`]);
    assert.deepEqual(await judge(provider({ managedTerminationProtection: "DISABLED" })), [
      `mandatory ${PROTECTION}: "DISABLED"`,
    ]);
    assert.deepEqual(await judge(provider(undefined)), []);
  });

  it("demands encryption on the way to files", async () => {
    assert.deepEqual(await judge(files({ transitEncryption: "ENABLED" })), []);
    assert.deepEqual(await judge(files(undefined)), []);
    assert.deepEqual(await judge(files({})), [
      "mandatory volumes[1].efsVolumeConfiguration.transitEncryption: nothing",
    ]);
    assert.deepEqual(await judge(files({ transitEncryption: "DISABLED" })), [
      'mandatory volumes[1].efsVolumeConfiguration.transitEncryption: "DISABLED"',
    ]);
    assert.deepEqual(await judge(taskDefinition(undefined, { volumes: UNKNOWN })), ["advisory not evaluated: volumes"]);
  });

  it("remedies all of it", () => {
    for (const loose of [
      cluster(undefined),
      cluster([{ name: "other", value: "x" }]),
      cluster([{ name: "containerInsights", value: "disabled" }]),
      ecsService({ platformVersion: "1.3.0" }),
      provider({ managedTerminationProtection: "DISABLED" }),
      files({}),
    ]) {
      assert.deepEqual(verdictRemediated(awsEcs, loose), { verdict: [], idempotent: true });
    }
    for (const kept of [
      cluster([{ name: "containerInsights", value: "enhanced" }]),
      cluster(UNKNOWN),
      ecsService({ platformVersion: "1.4.0" }),
      ecsService(),
      ecsService({ platformVersion: "1.3.0", launchType: "EC2" }),
      provider(undefined),
      files(undefined),
    ]) {
      assert.deepEqual(remediated(awsEcs, kept), kept);
    }
  });
});
