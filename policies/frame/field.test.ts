import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { Field } from "./field.ts";

describe("a field", () => {
  const root = Field.root({ spec: { items: [{ a: 1 }, UNKNOWN, null] }, "a.b/c": { toString: "own" }, list: [1] });

  it("carries the path that a person would write", () => {
    assert.equal(root.get("spec", "items").items()[0]?.get("a").path, "spec.items[0].a");
    assert.equal(root.get("a.b/c", "x").path, '["a.b/c"].x');
  });

  it("is absent where nothing is, and below that", () => {
    assert.equal(root.get("none", "below").absent, true);
    assert.equal(root.get("spec", "items").items()[2]?.absent, true);
    assert.equal(root.get("spec").get("toString").absent, true);
    assert.equal(root.get("list", "length").absent, true);
  });

  it("stays the same unknown place below an unknown one", () => {
    const unknown = root.get("spec", "items").items()[1];
    assert.equal(unknown?.get("a", "b").path, "spec.items[1]");
    assert.equal(unknown.get("a").unknown, true);
    assert.equal(unknown.absent, false);
    assert.equal(unknown.value, undefined);
  });

  it("has no elements and no entries of another shape", () => {
    assert.deepEqual(root.get("spec").items(), []);
    assert.deepEqual(root.get("list").entries(), []);
    assert.deepEqual(
      root
        .get("a.b/c")
        .entries()
        .map(([key, field]) => [key, field.value]),
      [["toString", "own"]],
    );
  });
});
