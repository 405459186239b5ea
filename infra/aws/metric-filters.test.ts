import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";

import { record } from "../testing/record.ts";
import { LogGroups } from "./logs.ts";
import { MetricFilters } from "./metric-filters.ts";
import { shopTarget } from "./testing/shop.ts";

describe("Metric filters", () => {
  it("read each metric of a quantile once, and count the lines that someone should look at", async () => {
    const target = shopTarget();
    const slow = (name: string) => ({
      requirement: "T-30",
      name,
      severity: "warning" as const,
      condition: { kind: "quantile", metric: "answer_seconds", quantile: 0.95, above: 2, window: "5 min" } as const,
      summary: "Slow.",
    });
    target.system.alerts = [slow("Slow"), slow("Slower")];
    const resources = await record(() => {
      const logs = new LogGroups("logs", { target, keys: { arn: () => pulumi.output("key") } }, {});
      new MetricFilters("filters", { target, logs }, {});
    });
    const filters = resources.filter(({ type }) => type === "aws:cloudwatch/logMetricFilter:LogMetricFilter");
    const counted = (level: string) => ({
      name: "log_lines",
      logGroupName: `/shop/test/${level}`,
      pattern: "{ $.service = * }",
      metricTransformation: {
        namespace: "shop/test/logs",
        name: "log_lines",
        value: "1",
        dimensions: { service: "$.service", level: "$.level" },
      },
    });
    assert.deepEqual(
      filters.map(({ name, inputs }) => [name, inputs]),
      [
        ["filters-error-log-lines", counted("error")],
        [
          "filters-info-answer-seconds",
          {
            name: "answer_seconds",
            logGroupName: "/shop/test/info",
            pattern: "{ $.answer_seconds = * }",
            metricTransformation: {
              namespace: "shop/test/logs",
              name: "answer_seconds",
              value: "$.answer_seconds",
              dimensions: {},
            },
          },
        ],
        ["filters-warn-log-lines", counted("warn")],
      ],
    );
    assert(filters.every(({ dependencies }) => dependencies.includes("logs-info")));
  });
});
