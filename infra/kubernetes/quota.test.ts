import assert from "node:assert/strict";

import fc from "fast-check";

import { profiles } from "../profile.ts";
import type { Release } from "../spec/service.ts";
import { resourceQuota } from "./quota.ts";
import { shop as awsShop } from "../aws/testing/shop.ts";
import type { Target } from "./target.ts";
import { shopTarget } from "../testing/shop.ts";

const amount = (quota: Record<string, string>, name: string) => Number.parseInt(quota[name] ?? "", 10);

describe("The quota of a namespace", () => {
  it("is what the system takes at most, releases included", () => {
    // api: 2 copies twice, writer 1, db 1, cache and orders 1 each with an exporter, prometheus and alertmanager.
    assert.deepEqual(resourceQuota(shopTarget()), {
      "requests.cpu": `${4 * 100 + 100 + 100 + 2 * (30 + 10) + 50 + 20}m`,
      "requests.memory": `${4 * 64 + 64 + 1024 + 2 * (64 + 32) + 256 + 64}Mi`,
      "limits.cpu": `${4 * 200 + 200 + 1000 + 2 * (500 + 100) + 500 + 100}m`,
      "limits.memory": `${4 * 128 + 128 + 1024 + 2 * (64 + 64) + 512 + 128}Mi`,
      pods: "10",
      persistentvolumeclaims: "5",
      // writer, db and prometheus as the profile limits them, orders and alertmanager as they are.
      "requests.storage": `${3 * 2048 + 2 * 1024}Mi`,
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    });
  });

  it("does not limit volumes below what is specified where the profile does not", () => {
    const target = shopTarget();
    target.settings.profile = { ...profiles.dev, storageLimit: "as specified" };
    assert.equal(amount(resourceQuota(target), "requests.storage"), (5 + 10 + 1 + 10 + 1) * 1024);
  });

  it("counts the most copies of an autoscaled service, in both colours, and no store on AWS", () => {
    const pods = (change: (target: Target) => void) => {
      const target = shopTarget();
      change(target);
      return amount(resourceQuota(target), "pods");
    };
    const api = (target: Target) => target.system.services["api"] ?? {};
    const before = pods(() => undefined);
    const scaling = { minimum: 2, maximum: 6 };
    assert.equal(pods((target) => Object.assign(api(target), { scaling })) - before, 2 * 6 - 2 * 2);
    const both = pods((target) => Object.assign(api(target), { scaling, release: { strategy: "blue-green" } }));
    assert.equal(both - before, 4 * 6 - 2 * 2);
    assert.equal(pods(({ settings }) => (settings.datastoreMode = "managed")) - before, -2);
  });

  it("has room for each job once", () => {
    const target = shopTarget();
    const before = amount(resourceQuota(target), "limits.memory");
    target.system.jobs = awsShop().jobs;
    assert.equal(amount(resourceQuota(target), "limits.memory") - before, 2 * 128);
  });

  it("always leaves room for all old and new copies of a release", () => {
    const release: fc.Arbitrary<Release> = fc.oneof(
      fc.constant({ strategy: "stop-then-start" } as const),
      fc.record({
        strategy: fc.constant("rolling" as const),
        maxSurge: fc.integer({ min: 1, max: 3 }),
        maxUnavailable: fc.constant(0),
      }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), release, (replicas, release) => {
        const target = shopTarget();
        const without = amount(resourceQuota({ ...target, system: { ...target.system, services: {} } }), "pods");
        Object.assign(target.system.services["api"] ?? {}, { scaling: { replicas }, release });
        const pods = amount(resourceQuota(target), "pods") - without - 1;
        const surge = release.strategy === "rolling" ? release.maxSurge : 0;
        assert.ok(pods >= replicas + surge, `${pods} pods for ${replicas} copies and ${surge} more`);
        if (release.strategy === "rolling") assert.ok(pods >= 2 * replicas, `${pods} pods for ${replicas} copies`);
      }),
    );
  });
});
