import assert from "node:assert/strict";

import { record } from "../testing/record.ts";
import { Dashboards } from "./dashboards.ts";
import { dashboardBody } from "./dashboard-widgets.ts";
import { shopTarget } from "./testing/shop.ts";

interface Widget {
  type: string;
  x: number;
  y: number;
  width: number;
  height: number;
  properties: Record<string, unknown>;
}

const widgetsOf = (body: unknown): Widget[] => (JSON.parse(String(body)) as { widgets: Widget[] }).widgets;

async function dashboards(target = shopTarget()): Promise<Record<string, Widget[]>> {
  const resources = await record(() => new Dashboards("dashboards", { target }, {}));
  return Object.fromEntries(
    resources.flatMap(({ type, inputs }) =>
      type === "aws:cloudwatch/dashboard:Dashboard"
        ? [[String(inputs["dashboardName"]), widgetsOf(inputs["dashboardBody"])]]
        : [],
    ),
  );
}

describe("Dashboards", () => {
  it("show business, technology and infrastructure", async () => {
    const titles = Object.entries(await dashboards()).map(([name, widgets]) => [
      name,
      widgets.map(({ properties }) => properties["title"]),
    ]);
    assert.deepEqual(Object.fromEntries(titles), {
      "shop-test-business": [
        "api: counted in a minute",
        "api: measured",
        "worker: counted in a minute",
        "worker: measured",
        "writer: counted in a minute",
        "writer: measured",
        "requests by load balancer",
        "orders: messages taken and done",
      ],
      "shop-test-technical": ["alerts", "errors and warnings in the log", "Down: api (T-17)", "Down: writer (T-17)"],
      "shop-test-infrastructure": [
        "api: processors and memory, percent",
        "api: tasks",
        "worker: processors and memory, percent",
        "worker: tasks",
        "writer: processors and memory, percent",
        "writer: tasks",
        "cache: processors, percent",
        "cache: memory, percent",
        "cache: connections",
        "db: processors, percent",
        "db: free storage, bytes",
        "db: connections",
        "db: seconds to read and write",
        "orders: messages waiting and dead",
      ],
    });
  });

  it("find what services count by their own namespace", async () => {
    const [counted] = (await dashboards())["shop-test-business"] ?? [];
    assert.deepEqual(counted?.properties["metrics"], [
      [
        {
          expression:
            `SEARCH('{"shop/test","service"} service="api" MetricName=total NOT MetricName=component ` +
            `NOT MetricName=http NOT MetricName=nodejs NOT MetricName=process NOT MetricName=redis ` +
            `NOT MetricName=scrape NOT MetricName=service NOT MetricName=up', 'Sum', 60)`,
          id: "found",
        },
      ],
    ]);
  });

  it("show what an alert looks at, and its limit", () => {
    const [widget] = widgetsOf(
      dashboardBody("eu-central-1", [
        {
          title: "Failures (T-1)",
          plan: {
            source: {
              expression: "part / whole",
              metrics: {
                part: { namespace: "n", metric: "failed", dimensions: { system: "shop" }, statistic: "Sum" },
                whole: { namespace: "n", metric: "all", dimensions: { system: "shop" }, statistic: "Sum" },
              },
            },
            period: 300,
            evaluationPeriods: 1,
            threshold: 0.05,
            comparison: "GreaterThanThreshold",
            missingData: "notBreaching",
          },
        },
      ]),
    );
    assert.deepEqual(widget?.properties, {
      title: "Failures (T-1)",
      region: "eu-central-1",
      view: "timeSeries",
      period: 300,
      metrics: [
        [{ expression: "part / whole", id: "result", label: "Failures (T-1)" }],
        ["n", "failed", "system", "shop", { stat: "Sum", id: "part", visible: false }],
        ["n", "all", "system", "shop", { stat: "Sum", id: "whole", visible: false }],
      ],
      annotations: { horizontal: [{ label: "alert", value: 0.05 }] },
    });
  });

  it("show the state of every alert", async () => {
    const [alerts] = (await dashboards())["shop-test-technical"] ?? [];
    assert.deepEqual(
      [alerts?.type, alerts?.properties["alarms"]],
      ["alarm", ["arn:aws:cloudwatch:eu-central-1:111122223333:alarm:shop-test-down"]],
    );
  });

  it("have panels that stay in the grid and do not overlap", async () => {
    for (const widgets of Object.values(await dashboards())) {
      const places = widgets.map(({ x, y }) => `${x} ${y}`);
      assert.equal(new Set(places).size, places.length);
      assert(widgets.every(({ x, width }) => x + width <= 24));
    }
  });

  it("have addresses in the console", async () => {
    let urls: Record<string, string> = {};
    await record(() => (urls = new Dashboards("dashboards", { target: shopTarget() }, {}).urls));
    assert.equal(
      urls["business"],
      "https://eu-central-1.console.aws.amazon.com/cloudwatch/home?region=eu-central-1#dashboards/dashboard/shop-test-business",
    );
  });

  it("ask in no more words than CloudWatch takes, whatever the names", async () => {
    const target = shopTarget();
    target.settings.environment = "e".repeat(40);
    const { api } = target.system.services;
    assert(api);
    target.system.services = { [`a${"-long".repeat(7)}`]: api };
    const queries = Object.values(await dashboards({ ...target, system: { ...target.system, alerts: [] } }))
      .flat()
      .flatMap(({ properties }) => JSON.stringify(properties["metrics"] ?? []).match(/SEARCH\(.*?\d\)/g) ?? []);
    assert(queries.length > 0 && queries.every((query) => query.length <= 1024));
  });
});
