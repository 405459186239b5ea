import assert from "node:assert/strict";

import { imageOf } from "./images.ts";
import { worldstoreDev, worldstoreProduction } from "./testing/worldstore.ts";
import type { Target } from "./target.ts";

const agentOf = (target: Target, reference: string) => imageOf(target, "agent", { agent: reference });

describe("The image of a pod", () => {
  it("is the stack's own reference in a cluster without AWS", () => {
    assert.equal(agentOf(worldstoreDev(), "agent:1.0"), "agent:1.0");
  });

  it("is in the stack's repository beside stores on AWS, unless the reference names a registry", () => {
    const target = worldstoreProduction();
    assert.equal(
      agentOf(target, "agent:1.0"),
      "111122223333.dkr.ecr.eu-central-1.amazonaws.com/worldstore-prod/agent:1.0",
    );
    assert.equal(agentOf(target, "registry.example/agent:1.0"), "registry.example/agent:1.0");
  });
});
