import assert from "node:assert/strict";

import fc from "fast-check";

import { deploymentPlan, releaseAlarms } from "./release.ts";
import { shopTarget } from "./testing/shop.ts";

describe("A release on ECS", () => {
  it("keeps all copies and adds one where the specification says so", () => {
    assert.deepEqual(deploymentPlan({ strategy: "rolling", maxSurge: 1, maxUnavailable: 0 }, 2), {
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 150,
      deploymentConfiguration: { strategy: "ROLLING" },
      availabilityZoneRebalancing: "ENABLED",
    });
  });

  it("never runs two of a single writer", () => {
    assert.deepEqual(deploymentPlan({ strategy: "stop-then-start" }, 1), {
      deploymentMinimumHealthyPercent: 0,
      deploymentMaximumPercent: 100,
      deploymentConfiguration: { strategy: "ROLLING" },
      availabilityZoneRebalancing: "DISABLED",
    });
  });

  it("runs both colours for a while", () => {
    assert.deepEqual(deploymentPlan({ strategy: "blue-green" }, 2), {
      deploymentMinimumHealthyPercent: 100,
      deploymentMaximumPercent: 200,
      deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes: "10" },
      availabilityZoneRebalancing: "ENABLED",
    });
  });

  it("does not move copies to other zones where none may be added", () => {
    const plan = deploymentPlan({ strategy: "rolling", maxSurge: 0, maxUnavailable: 1 }, 3);
    assert.equal(plan.availabilityZoneRebalancing, "DISABLED");
  });

  it("has the specification's numbers of copies after ECS has rounded", () => {
    const some = fc.integer({ min: 0, max: 20 });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), some, some, (copies, maxSurge, maxUnavailable) => {
        const plan = deploymentPlan({ strategy: "rolling", maxSurge, maxUnavailable }, copies);
        assert.equal(Math.floor((copies * plan.deploymentMaximumPercent) / 100), copies + maxSurge);
        const healthy = Math.ceil((copies * plan.deploymentMinimumHealthyPercent) / 100);
        assert.equal(healthy, Math.max(0, copies - maxUnavailable));
      }),
    );
  });
});

describe("The alarms that undo a release", () => {
  const target = shopTarget();
  const common = { requirement: "T-1", severity: "critical", summary: "Bad." } as const;
  target.system.alerts = [
    ...target.system.alerts,
    { ...common, name: "Failures", condition: { kind: "share", part: "a", whole: "b", above: 0.1, window: "5 min" } },
    { ...common, name: "WriterMemory", condition: { kind: "service-memory", service: "writer", above: 0.8 } },
    { ...common, name: "Deaf", condition: { kind: "gauge", metric: "connected", compare: "below", limit: 1 } },
  ];

  it("are those of failing requests where the edge leads to the service", () => {
    assert.deepEqual(releaseAlarms(target, "api"), ["shop-test-failures"]);
  });

  it("are those of its own memory", () => {
    assert.deepEqual(releaseAlarms(target, "writer"), ["shop-test-writer-memory"]);
  });

  it("are none for others", () => assert.deepEqual(releaseAlarms(target, "worker"), []));
});
