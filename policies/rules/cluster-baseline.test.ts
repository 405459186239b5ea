import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { verdict } from "../testing/pack.ts";

const POLICY = "cluster-baseline";

const cluster = (version: unknown, parameters = {}) =>
  verdict(POLICY, { type: "aws:eks/cluster:Cluster", properties: { version } }, { [POLICY]: { parameters } });
const group = (overrides: Record<string, unknown>): TestResource => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  properties: { scalingConfig: { desiredSize: 3, minSize: 3 }, tags: { system: "archesai" }, ...overrides },
});
const nodes = (overrides: Record<string, unknown>, parameters = {}) =>
  verdict(POLICY, group({ instanceTypes: ["m7i.xlarge"], ...overrides }), { [POLICY]: { parameters } });

describe("POL-CLUSTER-BASELINE (EB-SEC-09, AR-SEC-01)", () => {
  it("accepts current clusters; without a version AWS takes its newest", async () => {
    for (const version of [undefined, "1.25", "1.33", "2.0"]) {
      assert.deepEqual(await cluster(version), []);
    }
  });

  it("rejects old versions, by number and not by text", async () => {
    for (const version of ["1.24", "1.9", "0.99", "newest"]) {
      assert.deepEqual(await cluster(version), [`mandatory version: "${version}"`]);
    }
    assert.deepEqual(await cluster("1.31", { minVersion: "1.32" }), ['mandatory version: "1.31"']);
    assert.deepEqual(await nodes({ version: "1.24" }), ['mandatory version: "1.24"']);
  });

  it("demands three nodes, now and after scaling down", async () => {
    assert.deepEqual(await nodes({}), []);
    assert.deepEqual(await nodes({ scalingConfig: { desiredSize: 2, minSize: 2 } }), [
      "mandatory scalingConfig.desiredSize: 2",
      "mandatory scalingConfig.minSize: 2",
    ]);
    assert.deepEqual(await nodes({ scalingConfig: undefined }), [
      "mandatory scalingConfig.desiredSize: nothing",
      "mandatory scalingConfig.minSize: nothing",
    ]);
    assert.deepEqual(await nodes({ scalingConfig: { desiredSize: 1, minSize: 1 } }, { minNodes: { archesai: 1 } }), []);
    assert.deepEqual(await nodes({ scalingConfig: {} }, { minNodes: {} }), [
      "mandatory scalingConfig.desiredSize: nothing",
      "mandatory scalingConfig.minSize: nothing",
    ]);
  });

  it("demands the size of node that the system needs", async () => {
    assert.deepEqual(await nodes({ instanceTypes: ["c7i.xlarge"] }), []);
    assert.deepEqual(await nodes({ instanceTypes: ["m7i.xlarge", "m7i.large", "odd"] }), [
      'mandatory instanceTypes[1]: "m7i.large"',
      'mandatory instanceTypes[2]: "odd"',
    ]);
    assert.deepEqual(
      await nodes({ instanceTypes: ["c7i.xlarge"] }, { node: { archesai: { vcpu: 4, memoryGiB: 9 } } }),
      ['mandatory instanceTypes[0]: "c7i.xlarge"'],
    );
    assert.deepEqual(await nodes({ instanceTypes: undefined }), [
      "mandatory instanceTypes: nothing, which is t3.medium",
    ]);
    assert.deepEqual(await nodes({ instanceTypes: undefined, launchTemplate: { id: "lt-1" } }), []);
    assert.deepEqual(await nodes({ instanceTypes: ["t3.micro"], tags: { system: "ecommerce-bot" } }), []);
  });

  it("says nothing of other resources and reports what is not known yet", async () => {
    assert.deepEqual(await verdict(POLICY, { type: "aws:eks/addon:Addon", properties: { version: "1.0" } }), []);
    assert.deepEqual(await cluster(UNKNOWN), ["advisory not evaluated: version"]);
    assert.deepEqual(await nodes({ scalingConfig: UNKNOWN }), ["advisory not evaluated: scalingConfig"]);
    assert.deepEqual(await nodes({ instanceTypes: [UNKNOWN] }), ["advisory not evaluated: instanceTypes[0]"]);
  });
});
