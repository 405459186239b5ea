import assert from "node:assert/strict";

import type { Alert, Condition } from "../spec/alert.ts";
import { alarmPlans, type AlarmPlan } from "./cloudwatch.ts";
import { alertedMetrics } from "./cloudwatch-metrics.ts";
import { shopTarget } from "./testing/shop.ts";
import type { Target } from "./target.ts";

const alert = (condition: Condition): Alert => ({
  requirement: "T-1",
  name: "AllWrong",
  severity: "critical",
  condition,
  summary: "All is wrong.",
});

function plans(condition: Condition, target: Target = shopTarget()): Record<string, AlarmPlan> {
  return alarmPlans(target, alert(condition));
}

const published = { namespace: "shop/test", dimensions: { system: "shop" } };
const running = (cluster: string, service: string) => ({
  namespace: "ECS/ContainerInsights",
  metric: "RunningTaskCount",
  dimensions: { ClusterName: cluster, ServiceName: service },
  statistic: "Maximum",
});
const memory = (node: string) => ({
  namespace: "AWS/ElastiCache",
  metric: "DatabaseMemoryUsagePercentage",
  dimensions: { CacheClusterId: node },
  statistic: "Maximum",
});

describe("The alarm of a condition", () => {
  const cases: [string, Condition, Partial<AlarmPlan> | object][] = [
    [
      "looks at the lowest value of a gauge that must not fall",
      { kind: "gauge", metric: "balance", compare: "below", limit: 50 },
      {
        source: { ...published, metric: "balance", statistic: "Minimum" },
        threshold: 50,
        comparison: "LessThanThreshold",
        missingData: "missing",
      },
    ],
    [
      "looks at the highest value of a gauge that must not rise",
      { kind: "gauge", metric: "used_ratio", compare: "above", limit: 0.72 },
      {
        source: { ...published, metric: "used_ratio", statistic: "Maximum" },
        threshold: 0.72,
        comparison: "GreaterThanThreshold",
        missingData: "missing",
      },
    ],
    [
      "is reached with the limit, if that is meant",
      { kind: "gauge", metric: "installations", compare: "at-least", limit: 8 },
      {
        source: { ...published, metric: "installations", statistic: "Maximum" },
        threshold: 8,
        comparison: "GreaterThanOrEqualToThreshold",
        missingData: "missing",
      },
    ],
    [
      "adds up what is counted",
      { kind: "count", metric: "logins_total", above: 10, window: "1 h", labels: { result: "refused" } },
      {
        source: {
          ...published,
          metric: "logins_total",
          dimensions: { system: "shop", result: "refused" },
          statistic: "Sum",
        },
        period: 3600,
        threshold: 10,
        comparison: "GreaterThanThreshold",
        missingData: "notBreaching",
      },
    ],
    [
      "divides, but not by zero",
      { kind: "share", part: "failed_total", whole: "all_total", above: 0.05, window: "5 min" },
      {
        source: {
          expression: "IF(FILL(whole, 0) > 0, FILL(part, 0) / whole, IF(FILL(part, 0) > 0, 1, 0))",
          metrics: {
            part: { ...published, metric: "failed_total", statistic: "Sum" },
            whole: { ...published, metric: "all_total", statistic: "Sum" },
          },
        },
        period: 300,
        threshold: 0.05,
        comparison: "GreaterThanThreshold",
        missingData: "notBreaching",
      },
    ],
    [
      "reads a percentile from what the log says",
      { kind: "quantile", metric: "delay_seconds", quantile: 0.999, above: 30, window: "5 min" },
      {
        source: { namespace: "shop/test/logs", metric: "delay_seconds", dimensions: {}, statistic: "p99.9" },
        period: 300,
        threshold: 30,
        comparison: "GreaterThanThreshold",
        missingData: "notBreaching",
      },
    ],
    [
      "compares the memory of a service with its limit",
      { kind: "service-memory", service: "api", above: 0.75 },
      {
        source: {
          ...published,
          metric: "process_resident_memory_bytes",
          dimensions: { service: "api" },
          statistic: "Maximum",
        },
        threshold: 96 * 1024 * 1024,
        comparison: "GreaterThanThreshold",
        missingData: "missing",
      },
    ],
    [
      "compares the memory of a store with its limit",
      { kind: "store-memory", store: "cache", above: 0.9 },
      {
        source: memory("shop-test-cache-001"),
        threshold: 90,
        comparison: "GreaterThanThreshold",
        missingData: "missing",
      },
    ],
    [
      "asks whether any copy of a service runs",
      { kind: "down", services: ["api"] },
      {
        source: running("shop-test-webcluster", "shop-test-api"),
        threshold: 1,
        comparison: "LessThanThreshold",
        missingData: "breaching",
      },
    ],
  ];
  for (const [what, condition, expected] of cases) {
    it(what, () =>
      assert.deepEqual(Object.values(plans(condition)), [{ period: 60, evaluationPeriods: 1, ...expected }]),
    );
  }

  it("is one for each service of which one may be down", () => {
    const found = plans({ kind: "down", services: ["writer", "api"] });
    assert.deepEqual(Object.keys(found), ["api", "writer"]);
  });

  it("sees every instance of a single writer and every node of a store", () => {
    const target = shopTarget();
    const { writer, ...services } = target.system.services;
    const { cache } = target.system.stores;
    assert(writer && cache?.engine === "redis");
    target.system.services = {
      ...services,
      writer: { ...writer, singleWriter: { instances: 2, ownSecrets: ["WALLET"] } },
    };
    target.system.stores = { cache: { ...cache, nodes: 2 } };
    const sources = (["down", "store-memory"] as const).map((kind) => {
      const condition: Condition =
        kind === "down" ? { kind, services: ["writer"] } : { kind, store: "cache", above: 0.9 };
      return Object.values(plans(condition, target))[0]?.source;
    });
    assert.deepEqual(sources, [
      {
        expression: "MAX([FILL(m0, 0), FILL(m1, 0)])",
        metrics: {
          m0: running("shop-test-shop", "shop-test-writer-0"),
          m1: running("shop-test-shop", "shop-test-writer-1"),
        },
      },
      {
        expression: "MAX([FILL(m0, 0), FILL(m1, 0)])",
        metrics: { m0: memory("shop-test-cache-001"), m1: memory("shop-test-cache-002") },
      },
    ]);
  });

  it("names the nodes of a sharded store by shard", () => {
    const target = shopTarget();
    target.aws = { ...target.aws, redisClusterMode: true };
    const plan = Object.values(plans({ kind: "store-memory", store: "cache", above: 0.9 }, target))[0];
    assert(plan && "metrics" in plan.source);
    assert.deepEqual(Object.values(plan.source.metrics), [
      memory("shop-test-cache-0001-001"),
      memory("shop-test-cache-0001-002"),
    ]);
  });
});

describe("Metrics of the whole system", () => {
  it("are those that alerts read, by the labels that they ask for, each once", () => {
    const labelled = (labels: Record<string, string>) =>
      alert({ kind: "count", metric: "logins_total", above: 1, window: "1 h", labels });
    const alerts = [
      labelled({ result: "a", actor: "x" }),
      labelled({ actor: "y", result: "b" }),
      labelled({}),
      alert({ kind: "share", part: "failed_total", whole: "logins_total", above: 0.5, window: "1 h" }),
      alert({ kind: "gauge", metric: "balance", compare: "below", limit: 1 }),
      alert({ kind: "down", services: ["api"] }),
      alert({ kind: "quantile", metric: "delay_seconds", quantile: 0.5, above: 1, window: "1 h" }),
    ];
    assert.deepEqual(alertedMetrics({ alerts }), [
      { metric: "balance", dimensions: ["system"] },
      { metric: "failed_total", dimensions: ["system"] },
      { metric: "logins_total", dimensions: ["system"] },
      { metric: "logins_total", dimensions: ["system", "actor", "result"] },
    ]);
  });
});
