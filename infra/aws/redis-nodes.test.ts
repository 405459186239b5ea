import assert from "node:assert/strict";
import fc from "fast-check";

import { cacheNodeIds, cacheTopology } from "./redis-nodes.ts";
import { shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

function targetWith(redisClusterMode: boolean, nodes: number, profile: "dev" | "production"): Target {
  const target = shopTarget(profile);
  const { cache } = target.system.stores;
  assert(cache?.engine === "redis");
  return {
    ...target,
    system: { ...target.system, stores: { cache: { ...cache, nodes } } },
    aws: { ...target.aws, redisClusterMode },
  };
}

describe("The nodes of a Redis store", () => {
  const cases: [string, Target, { shards: number; copies: number }][] = [
    ["hold the same in a highly available profile", targetWith(false, 3, "production"), { shards: 1, copies: 3 }],
    ["are one elsewhere", targetWith(false, 3, "dev"), { shards: 1, copies: 1 }],
    [
      "share the keys in cluster mode, each part held twice",
      targetWith(true, 3, "production"),
      { shards: 3, copies: 2 },
    ],
    [
      "share the keys in cluster mode, each part held once elsewhere",
      targetWith(true, 3, "dev"),
      { shards: 3, copies: 1 },
    ],
  ];
  for (const [what, target, topology] of cases) {
    it(what, () => {
      const { cache } = target.system.stores;
      assert(cache?.engine === "redis");
      assert.deepEqual(cacheTopology(target, cache), topology);
    });
  }

  it("have different ids, no longer than ElastiCache takes", () => {
    fc.assert(
      fc.property(fc.boolean(), fc.integer({ min: 1, max: 6 }), (clusterMode, nodes) => {
        const target = targetWith(clusterMode, nodes, "production");
        target.settings.environment = "a-very-long-name-of-an-environment";
        const ids = cacheNodeIds(target, "cache");
        assert.equal(new Set(ids).size, clusterMode ? nodes * 2 : nodes);
        assert(ids.every((id) => id.length <= 50));
      }),
    );
  });

  it("are none of another store", () => {
    assert.throws(() => cacheNodeIds(shopTarget(), "orders"), /"orders" is not a Redis store/);
  });
});
