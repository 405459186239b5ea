import assert from "node:assert/strict";

import { profiles } from "../profile.ts";
import type { Service } from "../spec/service.ts";
import { deploymentStrategy, mostPods, copiesOf } from "./release.ts";
import { shopSettings } from "../testing/shop.ts";

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

describe("The number of copies", () => {
  const cases: [Service["scaling"], "dev" | "production", number, number][] = [
    [{ replicas: 1 }, "dev", 1, 1],
    [{ replicas: 2 }, "dev", 2, 2],
    [{ minimum: 2, maximum: 6 }, "dev", 2, 6],
    [{ replicas: 1 }, "production", 2, 2],
    [{ replicas: 3 }, "production", 3, 3],
    [{ minimum: 1, maximum: 6 }, "production", 2, 6],
    [{ minimum: 1, maximum: 1 }, "production", 2, 2],
  ];
  for (const [scaling, profile, minimum, maximum] of cases) {
    it(`of ${JSON.stringify(scaling)} is ${minimum} to ${maximum} in the ${profile} profile`, () => {
      const settings = { ...shopSettings(), profile: profiles[profile] };
      assert.deepEqual(copiesOf({ scaling }, settings), { minimum, maximum });
    });
  }
});
