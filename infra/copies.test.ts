import assert from "node:assert/strict";

import { copiesOf } from "./copies.ts";
import { profiles } from "./profile.ts";
import type { Service } from "./spec/service.ts";

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
      assert.deepEqual(copiesOf({ scaling }, { profile: profiles[profile] }), { minimum, maximum });
    });
  }
});
