import assert from "node:assert/strict";

import type { Condition } from "./alert.ts";
import { alertingRules, expression, promDuration } from "./promql.ts";
import type { System } from "./system.ts";

const system = {
  services: { api: { resources: { limits: { memory: "512 MiB" } } } },
  alerts: [
    {
      requirement: "T-1",
      name: "TooMany",
      severity: "warning",
      condition: { kind: "gauge", metric: "installations", compare: "at-least", limit: 8 },
      for: "2 min",
      summary: "There are too many.",
    },
    {
      requirement: "T-2",
      name: "AtOnce",
      severity: "critical",
      condition: { kind: "gauge", metric: "connected", compare: "below", limit: 1 },
      summary: "It is gone.",
    },
  ],
} as unknown as System;

describe("A condition in PromQL", () => {
  const cases: [Condition, string][] = [
    [
      { kind: "down", services: ["worker", "api"] },
      'max by (job) (up{job=~"api|worker"}) == 0 or absent(up{job="api"}) or absent(up{job="worker"})',
    ],
    [{ kind: "gauge", metric: "balance", compare: "below", limit: 50 }, "balance < 50"],
    [{ kind: "gauge", metric: "used_ratio", compare: "above", limit: 0.72 }, "used_ratio > 0.72"],
    [{ kind: "gauge", metric: "installations", compare: "at-least", limit: 8 }, "installations >= 8"],
    [{ kind: "count", metric: "failures_total", above: 0, window: "5 min" }, "sum(increase(failures_total[300s])) > 0"],
    [
      { kind: "count", metric: "logins_total", above: 10, window: "1 h", labels: { result: 'no "way"', actor: "x" } },
      'sum(increase(logins_total{actor="x",result="no \\"way\\""}[3600s])) > 10',
    ],
    [
      { kind: "share", part: "failed_total", whole: "all_total", above: 0.05, window: "5 min" },
      "sum(increase(failed_total[300s])) / sum(increase(all_total[300s])) > 0.05",
    ],
    [
      { kind: "quantile", metric: "delay_seconds", quantile: 0.95, above: 30, window: "5 min" },
      "histogram_quantile(0.95, sum by (le) (rate(delay_seconds_bucket[300s]))) > 30",
    ],
    [
      { kind: "service-memory", service: "api", above: 0.8 },
      'process_resident_memory_bytes{job="api"} / 536870912 > 0.8',
    ],
    [
      { kind: "store-memory", store: "redis", above: 0.9 },
      'redis_memory_used_bytes{job="redis"} / redis_memory_max_bytes{job="redis"} > 0.9',
    ],
  ];
  for (const [condition, expected] of cases) {
    it(`of kind "${condition.kind}" is ${expected}`, () => assert.equal(expression(system, condition), expected));
  }

  it("cannot speak of a service that is not declared", () => {
    assert.throws(() => expression(system, { kind: "service-memory", service: "none", above: 0.5 }), /"none"/);
  });
});

describe("The alerting rules", () => {
  it("carry severity, requirement, summary and how long the condition must hold", () => {
    assert.deepEqual(alertingRules(system), [
      {
        alert: "TooMany",
        expr: "installations >= 8",
        for: "120s",
        labels: { severity: "warning", requirement: "T-1" },
        annotations: { summary: "There are too many." },
      },
      {
        alert: "AtOnce",
        expr: "connected < 1",
        labels: { severity: "critical", requirement: "T-2" },
        annotations: { summary: "It is gone." },
      },
    ]);
  });

  it("write lengths of time in whole units", () => {
    assert.equal(promDuration("500 ms"), "500ms");
    assert.equal(promDuration("1.5 min"), "90s");
    assert.equal(promDuration("30 d"), "2592000s");
  });
});
