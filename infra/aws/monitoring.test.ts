import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { find, record, type RecordedResource } from "../testing/record.ts";
import { alarmName } from "./alarms.ts";
import { Monitoring, type MonitoringArgs } from "./monitoring.ts";
import { Topics } from "./notifications.ts";
import { shopTarget } from "./testing/shop.ts";

const metricAlarm = "aws:cloudwatch/metricAlarm:MetricAlarm";
const compositeAlarm = "aws:cloudwatch/compositeAlarm:CompositeAlarm";
const topic = (severity: string) => [`arn:aws:sns:eu-central-1:111122223333:shop-test-${severity}`];

const target = shopTarget();
target.system.alerts = [
  ...target.system.alerts,
  {
    requirement: "T-30",
    name: "TooManyFail",
    severity: "warning",
    condition: { kind: "share", part: "failed_total", whole: "all_total", above: 0.05, window: "5 min" },
    summary: "Too many fail.",
  },
  {
    requirement: "T-31",
    name: "SlowAnswers",
    severity: "critical",
    condition: { kind: "quantile", metric: "answer_seconds", quantile: 0.95, above: 2, window: "10 min" },
    for: "10 min",
    summary: "Answers are slow.",
  },
  {
    requirement: "T-32",
    name: "CacheFull",
    severity: "critical",
    condition: { kind: "store-memory", store: "cache", above: 0.9 },
    summary: "The cache is full.",
  },
];

async function watch(more: Partial<MonitoringArgs> = {}): Promise<RecordedResource[]> {
  return await record(() => {
    const topics = new Topics("topics", { target, keys: { arn: () => pulumi.output("key") } }, {});
    new Monitoring("monitoring", { target, topics, ...more }, {});
  });
}

describe("Monitoring", () => {
  let resources: RecordedResource[];
  before(async () => {
    resources = await watch({ loadBalancer: "app/shop/0123" });
  });

  it("calls the topic of an alert's severity when it begins and when it ends, and names the requirement", () => {
    const { inputs, parent, dependencies } = find(resources, metricAlarm, "monitoring-slow-answers");
    assert.deepEqual(inputs, {
      name: "shop-test-slow-answers",
      alarmDescription: "Answers are slow. (T-31)",
      actionsEnabled: true,
      alarmActions: topic("critical"),
      okActions: topic("critical"),
      tags: { component: "alerts", severity: "critical", requirement: "T-31" },
      namespace: "shop/test/logs",
      metricName: "answer_seconds",
      dimensions: {},
      period: 600,
      extendedStatistic: "p95",
      evaluateLowSampleCountPercentiles: "evaluate",
      evaluationPeriods: 2,
      datapointsToAlarm: 2,
      threshold: 2,
      comparisonOperator: "GreaterThanThreshold",
      treatMissingData: "notBreaching",
    });
    assert.equal(parent, "monitoring");
    assert(dependencies.includes("topics-critical-policy"));
  });

  it("looks at expressions of several metrics", () => {
    const { inputs } = find(resources, metricAlarm, "monitoring-too-many-fail");
    const counted = (metricName: string) => ({
      namespace: "shop/test",
      metricName,
      dimensions: { system: "shop" },
      period: 300,
      stat: "Sum",
    });
    assert.deepEqual(inputs["metricQueries"], [
      {
        id: "result",
        expression: "IF(FILL(whole, 0) > 0, FILL(part, 0) / whole, IF(FILL(part, 0) > 0, 1, 0))",
        label: "result",
        returnData: true,
      },
      { id: "part", metric: counted("failed_total") },
      { id: "whole", metric: counted("all_total") },
    ]);
    for (const input of ["metricName", "namespace", "period", "statistic"]) assert(!(input in inputs), input);
  });

  it("joins what may be down into one call, and tells at leisure which it is", () => {
    const { inputs, dependencies } = find(resources, compositeAlarm, "monitoring-down");
    const parts = ["api", "writer"].map((service) => alarmName(target, "Down", service));
    assert.equal(inputs["alarmName"], "shop-test-down");
    assert.equal(inputs["alarmRule"], parts.map((part) => `ALARM("${part}")`).join(" OR "));
    assert.deepEqual(inputs["alarmActions"], topic("critical"));
    assert.deepEqual(inputs["tags"], { component: "alerts", severity: "critical", requirement: "T-17" });
    assert.deepEqual(dependencies, ["monitoring-down-api", "monitoring-down-writer"]);
    for (const [index, service] of ["api", "writer"].entries()) {
      const part = find(resources, metricAlarm, `monitoring-down-${service}`).inputs;
      assert.equal(part["name"], parts[index]);
      assert.deepEqual(part["alarmActions"], topic("warning"));
    }
  });

  it("watches what the system runs on", () => {
    const alarms = resources.filter(({ type, name }) => type === metricAlarm && /-platform-/.test(name));
    assert.deepEqual(
      alarms.map(({ name, inputs }) => [name.slice("monitoring-platform-".length), inputs["threshold"]]),
      [
        ["db-connections", 40],
        ["db-database-rotation", 0],
        ["db-database-setup", 0],
        ["db-processors", 80],
        ["db-storage", 1024 ** 3],
        ["edge-errors", 10],
        ["operations-run-task", 0],
        ["operations-start-backup", 0],
        ["orders-deadletters", 0],
      ],
    );
    const { inputs } = find(resources, metricAlarm, "monitoring-platform-edge-errors");
    assert.deepEqual(inputs["dimensions"], { LoadBalancer: "app/shop/0123" });
    assert.equal(inputs["alarmDescription"], "The load balancer finds no copy of a service that answers.");
  });

  it("has different names for all alarms", () => {
    const names = resources.flatMap(({ type, inputs }) =>
      type === metricAlarm ? [inputs["name"]] : type === compositeAlarm ? [inputs["alarmName"]] : [],
    );
    assert.equal(new Set(names).size, names.length);
  });

  it("watches the managed stores alone where services run elsewhere", async () => {
    const alarms = (await watch({ scope: "stores" })).filter(({ type }) => type === metricAlarm);
    const ofDatabase = ["connections", "database-rotation", "database-setup", "processors", "storage"];
    assert.deepEqual(
      alarms.map(({ name }) => name),
      ["monitoring-cache-full", ...ofDatabase.map((alarm) => `monitoring-platform-db-${alarm}`)],
    );
  });
});
