import assert from "node:assert/strict";
import { sizeOf } from "./instance-types.ts";

describe("EC2 instance types", () => {
  it("tell their size by their name", () => {
    const cases: [string, number, number][] = [
      ["t3.micro", 2, 1],
      ["t3.large", 2, 8],
      ["t4g.2xlarge", 8, 32],
      ["m5.large", 2, 8],
      ["m7g.medium", 1, 4],
      ["c6i.xlarge", 4, 8],
      ["r6g.xlarge", 4, 32],
      ["m6a.48xlarge", 192, 768],
    ];
    for (const [type, vcpu, memoryGiB] of cases) {
      assert.deepEqual(sizeOf(type), { vcpu, memoryGiB }, type);
    }
  });

  it("are told from what says nothing about a size", () => {
    for (const type of ["", "m5", "m5.metal", "q9.large", "m5.huge", "xlarge", "M5.large"]) {
      assert.equal(sizeOf(type), undefined, type);
    }
  });
});
