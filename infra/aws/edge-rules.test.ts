import assert from "node:assert/strict";

import fc from "fast-check";

import type { PublicEndpoint } from "../spec/service.ts";
import { pathCondition, rulePriorities, type PathCondition } from "./edge-rules.ts";

const endpoint = (paths: readonly string[], healthPath = "/health"): PublicEndpoint => ({
  service: "api",
  port: "http",
  paths,
  healthPath,
  requirement: "T-1",
});

/** Whether a load balancer would let a path through, as AWS describes it. */
function matches(condition: PathCondition, path: string): boolean {
  if ("regexValues" in condition) return new RegExp(condition.regexValues[0]).test(path);
  return condition.values.some((pattern) =>
    new RegExp(
      `^${pattern
        .replace(/[.+^$()[\]{}|\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")}$`,
    ).test(path),
  );
}

describe("The paths that a load balancer lets through", () => {
  const cases: [readonly string[], PathCondition][] = [
    [["/v1", "/health"], { values: ["/v1", "/v1/*", "/health"] }],
    [["/"], { values: ["/*"] }],
    [["/v1/"], { values: ["/v1", "/v1/*"] }],
    [["/v1", "/a.b"], { regexValues: ["^(/v1(/|$)|/a\\.b(/|$))"] }],
    [["/v1", "/v2", "/health"], { regexValues: ["^(/v1(/|$)|/v2(/|$)|/health$)"] }],
  ];
  for (const [paths, expected] of cases) {
    it(`are ${JSON.stringify(expected)} for ${paths.join(", ")}`, () =>
      assert.deepEqual(pathCondition("web", endpoint(paths)), expected));
  }

  it("are the open ones with all below them, whatever form the condition has", () => {
    const anyPath = fc.array(fc.stringMatching(/^[a-z0-9._-]{1,4}$/), { minLength: 1, maxLength: 2 });
    const asPath = (parts: string[]) => `/${parts.join("/")}`;
    fc.assert(
      fc.property(fc.uniqueArray(anyPath.map(asPath), { minLength: 1, maxLength: 5 }), anyPath, (paths, asked) => {
        const condition = pathCondition("web", endpoint(paths));
        for (const path of [asPath(asked), ...paths, `${paths[0]}/below`, `${paths[0]}x`]) {
          const open = paths.some((root) => path === root || path.startsWith(`${root}/`));
          assert.equal(matches(condition, path), open, path);
        }
      }),
    );
  });

  it("are refused when AWS has no room for them", () => {
    const paths = Array.from({ length: 12 }, (_, index) => `/a-long-name-${index}`);
    assert.throws(() => pathCondition("web", endpoint(paths)), /publicEndpoints.web.paths: .* open common parents\./);
  });
});

describe("The priorities of rules", () => {
  const anyNames = fc.uniqueArray(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 40 });

  it("differ, are in AWS's range and do not depend on the order", () => {
    fc.assert(
      fc.property(anyNames, (names) => {
        const priorities = rulePriorities(names);
        const values = Object.values(priorities);
        assert.equal(new Set(values).size, names.length);
        assert.ok(values.every((value) => Number.isInteger(value) && value >= 1 && value <= 50_000));
        assert.deepEqual(rulePriorities([...names].reverse()), priorities);
      }),
    );
  });

  it("stay when another endpoint is added", () => {
    const before = rulePriorities(["payment", "web"]);
    const after = rulePriorities(["admin", "payment", "web"]);
    assert.deepEqual({ payment: after["payment"], web: after["web"] }, before);
  });
});
