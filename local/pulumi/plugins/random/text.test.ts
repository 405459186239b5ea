import assert from "node:assert/strict";

import fc from "fast-check";

import { defaultRules, problemsOf, randomText, type TextRules } from "./text.ts";

const count = (text: string, pattern: RegExp) => [...text].filter((character) => pattern.test(character)).length;

describe("random text", () => {
  const rules = fc.record({
    length: fc.integer({ min: 0, max: 60 }),
    lower: fc.boolean(),
    upper: fc.boolean(),
    numeric: fc.boolean(),
    special: fc.boolean(),
    minLower: fc.integer({ min: 0, max: 6 }),
    minUpper: fc.integer({ min: 0, max: 6 }),
    minNumeric: fc.integer({ min: 0, max: 6 }),
    minSpecial: fc.integer({ min: 0, max: 6 }),
    overrideSpecial: fc.constantFrom("!", "-_.", defaultRules.overrideSpecial),
  });

  it("keeps every rule that makes sense", () => {
    fc.assert(
      fc.property(rules, (wanted: TextRules) => {
        fc.pre(problemsOf(wanted).length === 0);
        const text = randomText(wanted);
        assert.equal(text.length, wanted.length);
        const kinds = [
          [/[a-z]/, wanted.lower, wanted.minLower],
          [/[A-Z]/, wanted.upper, wanted.minUpper],
          [/[0-9]/, wanted.numeric, wanted.minNumeric],
          [/[^A-Za-z0-9]/, wanted.special, wanted.minSpecial],
        ] as const;
        for (const [pattern, allowed, least] of kinds) {
          assert.ok(count(text, pattern) >= least);
          if (!allowed) assert.equal(count(text, pattern), least);
        }
        for (const character of text) {
          if (/[^A-Za-z0-9]/.test(character)) assert.ok(wanted.overrideSpecial.includes(character));
        }
      }),
    );
  });

  it("uses every character about equally often, in every place", () => {
    const digits = { ...defaultRules, lower: false, upper: false, special: false, length: 10 };
    const seen = Array.from({ length: 10 }, () => new Array<number>(10).fill(0));
    for (let round = 0; round < 5000; round++) {
      [...randomText(digits)].forEach((digit, place) => ((seen[place] as number[])[Number(digit)] as number)++);
    }
    for (const places of seen) for (const times of places) assert.ok(times > 350 && times < 650, `seen ${times} times`);
  });

  it("does not leave the characters that a minimum asks for at fixed places", () => {
    const one = { ...defaultRules, numeric: false, special: false, minNumeric: 1, length: 8 };
    const places = new Set(Array.from({ length: 400 }, () => randomText(one).search(/[0-9]/)));
    assert.equal(places.size, 8);
  });

  for (const [property, wrong, reason] of [
    ["length", { length: 0 }, /at least 1/],
    ["length", { length: 2.5 }, /whole number/],
    ["minUpper", { length: 8, minUpper: -1 }, /at least 0/],
    ["length", { length: 3, minUpper: 2, minLower: 2 }, /is 3, but the minimums .* add up to 4/],
    ["", { length: 8, lower: false, upper: false, numeric: false, special: false }, /at least one of/],
    ["", { length: 8, lower: false, upper: false, numeric: false, overrideSpecial: "" }, /at least one of/],
  ] as const) {
    it(`refuses ${JSON.stringify(wrong)}`, () => {
      const [problem] = problemsOf({ ...defaultRules, ...wrong });
      assert.equal(problem?.property, property);
      assert.match(problem.reason, reason);
    });
  }
});
