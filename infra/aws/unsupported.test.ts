import assert from "node:assert/strict";

import type { System } from "../spec/system.ts";
import { shop } from "./testing/shop.ts";
import { unsupported } from "./unsupported.ts";

const changed = (change: (system: System) => void) => {
  const system = structuredClone(shop());
  change(system);
  return Object.fromEntries(unsupported(system).map(({ where, message }) => [where, message]));
};

describe("What ECS cannot do", () => {
  it("is nothing of a shop with one of everything", () => {
    assert.deepEqual(unsupported(shop()), []);
  });

  const cases: [string, (system: System) => void, Record<string, string>][] = [
    [
      "a stop that takes longer than Fargate waits",
      ({ services }) => Object.assign(services["api"] ?? {}, { terminationGrace: "121 s" }),
      {
        "services.api.terminationGrace":
          "a termination grace of 121 s is not supported on ecs: set it to at most 120 s.",
      },
    ],
    [
      "messages that are kept longer than SQS does",
      ({ stores }) => Object.assign(stores["orders"] ?? {}, { deadLetterRetention: "15 d" }),
      { "stores.orders.deadLetterRetention": "a retention of 15 d is not supported on ecs: set it to at most 14 d." },
    ],
    [
      "an alert that looks back longer than CloudWatch does",
      ({ alerts }) => Object.assign(alerts[0] ?? {}, { for: "8 d" }),
      {
        "alerts.Down":
          "a look back of more than 1 d, or of 7 d with a window of at least 1 h, is not supported on ecs: shorten the window or the time that the condition must hold.",
      },
    ],
    [
      "a log that is kept longer than CloudWatch does",
      ({ logRetention }) => Object.assign(logRetention, { error: "4000 d" }),
      { "logRetention.error": "a log retention of 4000 d is not supported on ecs: set it to at most 3653 d." },
    ],
    [
      "MongoDB",
      ({ stores }) => {
        stores["documents"] = {
          engine: "mongodb",
          requirement: "T-1",
          use: "Documents.",
          version: "7",
          database: "shop",
          members: 3,
          storage: "10 GiB",
          port: 27017,
        };
      },
      {
        "stores.documents":
          "a MongoDB store is not supported on ecs: run it elsewhere and name its hosts under outside.",
      },
    ],
  ];
  for (const [what, change, problems] of cases) {
    it(`is ${what}, with what to do`, () => assert.deepEqual(changed(change), problems));
  }

  it("begins after the last value that AWS takes", () => {
    const atTheLimit = changed(({ services, stores }) => {
      Object.assign(services["api"] ?? {}, { terminationGrace: "2 min" });
      Object.assign(stores["orders"] ?? {}, { retention: "14 d" });
    });
    assert.deepEqual(atTheLimit, {});
  });
});
