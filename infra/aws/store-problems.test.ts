import assert from "node:assert/strict";

import type { Store } from "../spec/store.ts";
import { engineProblems } from "./store-problems.ts";
import { shop } from "./testing/shop.ts";

describe("What AWS cannot do with a store", () => {
  it("is nothing of the shop's", () => {
    for (const [name, store] of Object.entries(shop().stores)) assert.deepEqual(engineProblems(name, store), []);
  });

  const cases: [string, Record<string, unknown>, string, string][] = [
    [
      "db",
      { version: "9" },
      "version",
      "version 9 of postgres is not supported on AWS: choose one of 14, 15, 16, 17, 18.",
    ],
    ["db", { port: 1149 }, "port", "port 1149 is not supported on AWS: set it to at least 1150."],
    [
      "db",
      { replicas: 16 },
      "replicas",
      "a database with 16 read replicas is not supported on AWS: set it to at most 15.",
    ],
    [
      "db",
      { parameters: { shared_buffers: "3kB" } },
      "parameters.shared_buffers",
      '"3kB" is not supported on AWS: write a number in the unit in which RDS counts shared_buffers.',
    ],
    ["cache", { version: "8" }, "version", "version 8 of redis is not supported on AWS: choose one of 6, 7."],
    ["cache", { nodes: 7 }, "nodes", "a cache of 7 nodes is not supported on AWS: set it to at most 6."],
    [
      "orders",
      { maxDeliveries: 1001 },
      "maxDeliveries",
      "a message with 1001 deliveries is not supported on AWS: set it to at most 1000.",
    ],
    ["files", { retention: "36 h" }, "retention", "a retention of 36 h is not supported on AWS: write whole days."],
    [
      "audit",
      { retention: "36501 d" },
      "retention",
      "a lock of 36501 d is not supported on AWS: set it to at most 36500.",
    ],
  ];
  for (const [name, change, part, message] of cases) {
    it(`is ${part} ${JSON.stringify(Object.values(change)[0])} of ${name}`, () => {
      const store = { ...shop().stores[name], ...change } as Store;
      assert.deepEqual(engineProblems(`stores.${name}`, store), [{ where: `stores.${name}.${part}`, message }]);
    });
  }
});
