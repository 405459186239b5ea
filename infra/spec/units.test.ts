import assert from "node:assert/strict";

import fc from "fast-check";

import { isCpu, isDuration, isSize, toMebibytes, toMillicpu, toSeconds } from "./units.ts";

describe("units", () => {
  it("are read as documented", () => {
    assert.equal(toMillicpu("0.25 vCPU"), 250);
    assert.equal(toMebibytes("2 GiB"), 2048);
    assert.equal(toMebibytes("0.5 GiB"), 512);
    assert.equal(toSeconds("500 ms"), 0.5);
    assert.equal(toSeconds("2 min"), 120);
    assert.equal(toSeconds("30 d"), 2_592_000);
  });

  it("round-trip whole amounts", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1_000_000 }), (amount) => {
        assert.equal(toMebibytes(`${amount} GiB`), toMebibytes(`${amount * 1024} MiB`));
        assert.equal(toMillicpu(`${amount / 1000} vCPU`), amount);
        assert.equal(toSeconds(`${amount} h`), toSeconds(`${amount * 60} min`));
      }),
    );
  });

  for (const text of ["512", "512MiB", "512 MB", "-1 MiB", "0 MiB", "0.3 MiB", "", "x GiB", "1e3 MiB", " 1 MiB"]) {
    it(`"${text}" is not a size`, () => assert.equal(isSize(text), false));
  }
  for (const text of ["0.5", "500m", "0 vCPU", "0.0001 vCPU", "1 vcpu", "-1 vCPU"]) {
    it(`"${text}" is not an amount of processor time`, () => assert.equal(isCpu(text), false));
  }
  for (const text of ["30", "30s", "30 sec", "-1 s", "1 month"]) {
    it(`"${text}" is not a length of time`, () => assert.equal(isDuration(text), false));
  }
});
