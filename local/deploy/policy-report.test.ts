import assert from "node:assert/strict";

import { everyPlan } from "./policy-report.ts";

describe("Every plan", () => {
  it("is each committed stack on its own target, and on the other one when it has settings for AWS", async () => {
    const plans = (await everyPlan()).filter(({ stack }) => !stack.startsWith("test"));
    assert.deepEqual(plans, [
      { stack: "dev" },
      { stack: "prod", overrides: { target: "kubernetes" } },
      { stack: "prod" },
    ]);
  });
});
