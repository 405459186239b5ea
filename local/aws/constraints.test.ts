import assert from "node:assert/strict";

import { patternOf, violations } from "./constraints.ts";
import { formatted } from "./convert.ts";
import { pond } from "./testing/pond.ts";

describe("what AWS takes", () => {
  const cases: [what: string, parameters: Record<string, unknown>, expected: string[]][] = [
    ["all that is required", {}, []],
    [
      "every kind of value",
      { Depth: 3, Fish: [{ Kind: "carp" }], Open: true, State: "ENABLED", Labels: { a: "b" } },
      [],
    ],
    ["less", { PondName: undefined }, ["PondName is missing and required"]],
    ["an unknown member", { Hight: 1 }, ["Hight is unknown"]],
    ["too long a text", { PondName: "very-long" }, ["PondName has 9 characters; at most 8 are allowed"]],
    ["other characters", { PondName: "Pond" }, ['PondName is "Pond", which does not match [a-z-]+']],
    ["another word", { State: "ON" }, ['State is "ON"; allowed are ENABLED, DISABLED']],
    ["too large a number", { Depth: 41 }, ["Depth is 41; at most 40 are allowed"]],
    ["a text for a number", { Depth: "3" }, ['Depth is "3", not a whole number']],
    ["a number for a text", { PondName: 3 }, ["PondName is 3, not a text"]],
    ["one for many", { Fish: { Kind: "carp" } }, ["Fish is a structure, not a list"]],
    [
      "too many",
      { Fish: [{ Kind: "a" }, { Kind: "b" }, { Kind: "c" }] },
      ["Fish has 3 elements; at most 2 are allowed"],
    ],
    ["something wrong inside", { Fish: [{ Count: 0 }] }, ["Fish[0].Kind is missing", "Fish[0].Count is 0; at least 1"]],
    ["a wrong key", { Labels: { A: "b" } }, ['Labels.A is "A", which does not match']],
    ["two of which one is allowed", { Shore: { Sand: "a", Stone: "b" } }, ["Shore takes exactly one of Sand, Stone"]],
  ];
  for (const [what, parameters, expected] of cases) {
    it(`is judged: ${what}`, () => {
      const given = Object.entries({ PondName: "pond", ...parameters }).filter(([, value]) => value !== undefined);
      const found = violations(pond, "CreatePond", Object.fromEntries(given));
      assert.equal(found.length, expected.length, JSON.stringify(found));
      for (const [index, { path, message }] of found.entries())
        assert(
          `${formatted(path)} ${message}`.startsWith(expected[index] ?? "nothing"),
          `${formatted(path)} ${message}`,
        );
    });
  }

  it("is matched as the older services mean it: the whole text", () => {
    assert(!patternOf("[a-z]+").test("abc1"));
    assert(!patternOf("^[a-z]+$").test("abc1"));
    assert(patternOf("^$|arn:.+").test("arn:aws:kms"));
    assert(patternOf("[\\p{L}\\p{Z}]*").test("Größe über"));
    assert(patternOf("[\\u0020-\\uD7FF\\uE000-\\uFFFD\\uD800\\uDC00-\\uDBFF\\uDFFF\\r\\n\\t]*").test("a 🐟"));
    assert(patternOf("(?s).*").test("two\nlines"));
  });
});
