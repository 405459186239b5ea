import assert from "node:assert/strict";

import { trackings } from "./scaling.ts";

describe("What the number of copies follows", () => {
  const cpu = { metric: "cpu", predefinedMetricType: "ECSServiceAverageCPUUtilization", targetValue: 70 };
  const memory = { metric: "memory", predefinedMetricType: "ECSServiceAverageMemoryUtilization", targetValue: 80 };
  const range = { minimum: 2, maximum: 6 };

  it("is what the specification states", () => {
    assert.deepEqual(trackings({ ...range, cpuPercent: 70 }), [cpu]);
    assert.deepEqual(trackings({ ...range, memoryPercent: 80 }), [memory]);
    assert.deepEqual(trackings({ ...range, memoryPercent: 80, cpuPercent: 70 }), [cpu, memory]);
  });

  it("is nothing where the number is fixed", () => assert.deepEqual(trackings({ replicas: 3 }), []));
});
