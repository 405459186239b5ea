import assert from "node:assert/strict";
import { mutantsOf } from "./mutants.ts";

const mutants = (text: string) => mutantsOf(text).map(({ before, after }) => `${before} -> ${after}`);

describe("mutants", () => {
  it("change operators, and give up what stands in for nothing", () => {
    assert.deepEqual(mutants("const a = b === c && d < e;"), ["&& -> ||", "=== -> !==", "< -> <="]);
    assert.deepEqual(mutants("const a = b ?? c;"), ["b ?? c -> b"]);
    assert.deepEqual(mutants("const a = !b;"), ["!b -> b"]);
  });

  it("change constants", () => {
    assert.deepEqual(mutants('const a = [1, "x", true];'), [
      '[1, "x", true] -> []',
      "1 -> 2",
      '"x" -> "mutated"',
      "true -> false",
    ]);
    assert.deepEqual(mutants("const a = /^x$/i;"), ["/^x$/i -> /(?!)/i", "/^x$/i -> /x$/i", "/^x$/i -> /^x/i"]);
  });

  it("take either branch, leave statements out, and weaken calls", () => {
    assert.deepEqual(mutants("if (a) b();"), ["a -> true", "a -> false", "b(); -> ;"]);
    assert.deepEqual(mutants("const a = b ? c : d;"), ["b -> true", "b -> false"]);
    assert.deepEqual(mutants("const a = b.some(c);"), ["some -> every"]);
    assert.deepEqual(mutants("const a = b.filter(c);"), ["b.filter(c) -> b"]);
  });

  it("leave imports, types and texts for people as they are", () => {
    const texts = 'import { a } from "a"; type B = "b"; interface C { c: 1 } const d = { title: "d", expected: "e" };';
    assert.deepEqual(mutants(texts), []);
    assert.deepEqual(mutants('const [a = ""] = b; const c = { "d-e": f };'), []);
  });

  it("name the line and hold the whole file", () => {
    const [mutant] = mutantsOf("const a =\n  b < c;\n");
    assert.equal(mutant?.line, 2);
    assert.equal(mutant.text, "const a =\n  b <= c;\n");
  });
});
