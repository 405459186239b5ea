import assert from "node:assert/strict";

import { deploymentStrategy, mostPods } from "./release.ts";

describe("A release", () => {
  it("is what the specification says", () => {
    assert.deepEqual(deploymentStrategy({ strategy: "rolling", maxSurge: 2, maxUnavailable: 1 }), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 2, maxUnavailable: 1 },
    });
    assert.deepEqual(deploymentStrategy({ strategy: "stop-then-start" }), { type: "Recreate" });
  });

  it("has no gap within a colour", () => {
    assert.deepEqual(deploymentStrategy({ strategy: "blue-green" }), {
      type: "RollingUpdate",
      rollingUpdate: { maxSurge: 1, maxUnavailable: 0 },
    });
  });

  it("takes twice the pods, in each colour, unless the old ones stop first", () => {
    assert.equal(mostPods(3, { strategy: "blue-green" }), 12);
    assert.equal(mostPods(3, { strategy: "stop-then-start" }), 3);
    assert.equal(mostPods(3, { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 }), 6);
    assert.equal(mostPods(3, { strategy: "rolling", maxSurge: 5, maxUnavailable: 0 }), 8);
  });
});
