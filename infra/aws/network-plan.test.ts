import assert from "node:assert/strict";
import { BlockList, isIPv4 } from "node:net";

import fc from "fast-check";

import { UserError } from "../errors.ts";
import { mostZones, subnetPlan } from "./network-plan.ts";

const zones = ["a", "b", "c", "d"];
const anyCidr = fc.integer({ min: 16, max: 22 }).chain((prefix) =>
  fc.integer({ min: 0, max: 2 ** prefix - 1 }).map((network) => {
    const start = network * 2 ** (32 - prefix);
    const address = [24, 16, 8, 0].map((bits) => Math.floor(start / 2 ** bits) % 256).join(".");
    return `${address}/${prefix}`;
  }),
);

/** First and last address of a range, as numbers. */
function bounds(cidr: string): [number, number] {
  const [address = "", prefix = ""] = cidr.split("/");
  assert.ok(isIPv4(address), address);
  const first = address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  return [first, first + 2 ** (32 - Number(prefix)) - 1];
}

describe("The subnets of a range", () => {
  it("are large where tasks are, and leave an eighth free", () => {
    assert.deepEqual(subnetPlan("10.20.0.0/16", ["a", "b", "c"]), {
      private: ["10.20.0.0/19", "10.20.32.0/19", "10.20.64.0/19"],
      data: ["10.20.128.0/20", "10.20.144.0/20", "10.20.160.0/20"],
      public: ["10.20.192.0/21", "10.20.200.0/21", "10.20.208.0/21"],
    });
  });

  it("lie in the range, apart from one another, and are not smaller than a load balancer needs", () => {
    fc.assert(
      fc.property(anyCidr, fc.integer({ min: 2, max: mostZones }), (cidr, count) => {
        const all = Object.values(subnetPlan(cidr, zones.slice(0, count))).flat();
        assert.equal(all.length, 3 * count);
        const [first, last] = bounds(cidr);
        const sorted = all.map(bounds).sort(([a], [b]) => a - b);
        sorted.forEach(([from, to], index) => {
          assert.ok(from >= first && to <= last);
          assert.ok(from > (sorted[index - 1]?.[1] ?? -1));
          assert.ok(to - from + 1 >= 32);
          assert.equal(from % (to - from + 1), 0);
        });
      }),
    );
  });

  it("stay where they are when a zone is added at the end", () => {
    fc.assert(
      fc.property(anyCidr, fc.integer({ min: 2, max: mostZones - 1 }), (cidr, count) => {
        const before = subnetPlan(cidr, zones.slice(0, count));
        const after = subnetPlan(cidr, zones.slice(0, count + 1));
        for (const tier of ["public", "private", "data"] as const) {
          assert.deepEqual(after[tier].slice(0, count), before[tier]);
        }
      }),
    );
  });

  it("never contain an address outside, by Node's own reckoning", () => {
    const inside = new BlockList();
    inside.addSubnet("172.31.4.0", 22);
    for (const cidr of Object.values(subnetPlan("172.31.4.0/22", zones)).flat()) {
      assert.ok(inside.check(cidr.split("/")[0] ?? ""), cidr);
    }
  });

  const wrong: [string, string, string[], RegExp][] = [
    ["too large", "10.0.0.0/15", ["a", "b"], /aws.cidr: .* from \/16 to \/22/],
    ["too small", "10.0.0.0/23", ["a", "b"], /from \/16 to \/22/],
    ["not at the beginning of a range", "10.20.1.0/16", ["a", "b"], /use "10.20.0.0\/16"/],
    ["with one zone", "10.20.0.0/16", ["a"], /aws.zones: a does not fit; name 2 to 4/],
    ["with five zones", "10.20.0.0/16", [...zones, "e"], /2 to 4 different zones/],
    ["with a zone twice", "10.20.0.0/16", ["a", "a"], /different zones/],
  ];
  for (const [what, cidr, names, message] of wrong) {
    it(`are refused for a range ${what}`, () => {
      assert.throws(
        () => subnetPlan(cidr, names),
        (error) => error instanceof UserError && message.test(error.message),
      );
    });
  }
});
