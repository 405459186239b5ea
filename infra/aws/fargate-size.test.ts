import assert from "node:assert/strict";

import fc from "fast-check";

import { type ContainerDemand, fargateSize, fargateSizes, relativePrice } from "./fargate-size.ts";

const anyContainers: fc.Arbitrary<ContainerDemand[]> = fc.array(
  fc
    .record({
      cpuRequest: fc.integer({ min: 0, max: 6000 }),
      more: fc.integer({ min: 0, max: 6000 }),
      memory: fc.integer({ min: 6, max: 40_000 }),
    })
    .map(({ cpuRequest, more, memory }) => ({ cpuRequest, cpuLimit: cpuRequest + more, memory })),
  { minLength: 1, maxLength: 5 },
);

function fits(size: { cpu: number; memory: number }, containers: readonly ContainerDemand[]): boolean {
  return (
    containers.every(({ cpuLimit }) => cpuLimit <= size.cpu) &&
    containers.reduce((sum, { cpuRequest }) => sum + cpuRequest, 0) <= size.cpu &&
    containers.reduce((sum, { memory }) => sum + memory, 0) <= size.memory
  );
}

describe("Fargate's sizes", () => {
  it("are the pairs that AWS documents up to 16 vCPU", () => {
    const memories = (cpu: number) =>
      fargateSizes.filter((size) => size.cpu === cpu).map(({ memory }) => memory / 1024);
    const range = (from: number, to: number, step = 1) =>
      Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);
    assert.deepEqual(memories(256), [0.5, 1, 2]);
    assert.deepEqual(memories(512), range(1, 4));
    assert.deepEqual(memories(1024), range(2, 8));
    assert.deepEqual(memories(2048), range(4, 16));
    assert.deepEqual(memories(4096), range(8, 30));
    assert.deepEqual(memories(8192), range(16, 60, 4));
    assert.deepEqual(memories(16_384), range(32, 120, 8));
    assert.equal(fargateSizes.length, 3 + 4 + 7 + 13 + 23 + 12 + 12);
  });
});

describe("The size of a task", () => {
  const cases: [string, ContainerDemand[], { cpu: number; memory: number } | undefined][] = [
    ["the least for little", [{ cpuRequest: 10, cpuLimit: 10, memory: 10 }], { cpu: 256, memory: 512 }],
    [
      "half a vCPU and 1 GiB for the agent",
      [{ cpuRequest: 256, cpuLimit: 512, memory: 512 }],
      { cpu: 512, memory: 1024 },
    ],
    [
      "half a vCPU and 1 GiB for the server",
      [{ cpuRequest: 154, cpuLimit: 307, memory: 256 }],
      { cpu: 512, memory: 1024 },
    ],
    [
      "the sum of requests where it is more than each limit",
      [
        { cpuRequest: 200, cpuLimit: 200, memory: 100 },
        { cpuRequest: 200, cpuLimit: 200, memory: 100 },
      ],
      { cpu: 512, memory: 1024 },
    ],
    ["more CPU where memory asks for it", [{ cpuRequest: 1, cpuLimit: 1, memory: 2049 }], { cpu: 512, memory: 3072 }],
    ["the greatest", [{ cpuRequest: 1, cpuLimit: 16_384, memory: 122_880 }], { cpu: 16_384, memory: 122_880 }],
    ["none beyond", [{ cpuRequest: 1, cpuLimit: 1, memory: 122_881 }], undefined],
  ];
  for (const [name, containers, expected] of cases) {
    it(`is ${name}`, () => assert.deepEqual(fargateSize(containers), expected));
  }

  it("fits, and no cheaper one does", () => {
    fc.assert(
      fc.property(anyContainers, (containers) => {
        const size = fargateSize(containers);
        const fitting = fargateSizes.filter((candidate) => fits(candidate, containers));
        if (size === undefined) return assert.deepEqual(fitting, []);
        assert(fits(size, containers));
        assert.equal(relativePrice(size), Math.min(...fitting.map(relativePrice)));
      }),
    );
  });

  it("does not shrink when a container is added", () => {
    fc.assert(
      fc.property(anyContainers, anyContainers, (some, others) => {
        const small = fargateSize(some);
        const large = fargateSize([...some, ...others]);
        if (large === undefined) return;
        assert(small !== undefined && relativePrice(small) <= relativePrice(large));
      }),
    );
  });
});
