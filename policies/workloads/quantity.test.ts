import assert from "node:assert/strict";
import { readQuantity } from "./quantity.ts";

describe("Kubernetes quantities", () => {
  it("are read in every notation", () => {
    const cases: [unknown, number][] = [
      ["250m", 0.25],
      ["0.3", 0.3],
      [".5", 0.5],
      ["2.", 2],
      [2, 2],
      ["512Mi", 536870912],
      ["256M", 256000000],
      ["1e3", 1000],
      ["1E", 1e18],
      ["-1", -1],
      ["0", 0],
    ];
    for (const [text, value] of cases) {
      assert.equal(readQuantity(text), value, String(text));
    }
  });

  it("are told from everything else", () => {
    for (const text of ["", "m", "1 Gi", "1X", "1mi", "0x10", NaN, Infinity, undefined, null, {}, true]) {
      assert.equal(readQuantity(text), undefined);
    }
  });
});
