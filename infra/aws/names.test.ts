import assert from "node:assert/strict";
import fc from "fast-check";

import { longestName, physicalName, physicalPath, type Named, type NameKind } from "./names.ts";

const named = (name: string, environment: string): Named => ({ system: { name }, settings: { environment } });

const system = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
const environment = fc.stringMatching(/^[A-Za-z0-9_.-]{1,40}$/);
const part = fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/);
const kind = fc.constantFrom<NameKind>("role", "loadBalancer", "targetGroup", "replicationGroup", "bucket", "queue");

describe("names in AWS", () => {
  const cases: [string, string[], NameKind, string][] = [
    ["plain", ["agent"], "service", "worldstore-prod-agent"],
    ["of two parts", ["worldstore-server", "blue"], "queue", "worldstore-prod-worldstore-server-blue"],
    ["cut to what the kind takes", ["worldstore-server", "blue"], "targetGroup", "worldstore-prod-worldst"],
  ];
  for (const [what, parts, kind, start] of cases) {
    it(`are ${what}`, () => {
      const name = physicalName(named("worldstore", "prod"), kind, ...parts);
      assert(name.startsWith(start), name);
      assert(name.length <= longestName(kind));
    });
  }

  it("are legal for every system, environment and part", () => {
    fc.assert(
      fc.property(system, environment, part, kind, (system, environment, part, kind) => {
        const name = physicalName(named(system, environment), kind, part, "blue");
        assert.match(name, /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
        assert(name.length <= longestName(kind), name);
      }),
    );
  });

  it("tell systems, environments and parts apart", () => {
    const input = fc.tuple(system, environment, part);
    fc.assert(
      fc.property(input, input, kind, (a, b, kind) => {
        const [one, other] = [a, b].map(([system, environment, part]) =>
          physicalName(named(system, environment), kind, part, "task"),
        );
        assert.equal(one === other, a.join("\0") === b.join("\0"));
      }),
      { examples: [[["shop", "dev-a", "b"], ["shop-dev", "a", "b"], "role"]] },
    );
  });

  it("are paths for secrets and logs", () => {
    assert.equal(physicalPath(named("worldstore", "prod"), "postgres", "agent"), "worldstore/prod/postgres/agent");
  });
});
