import assert from "node:assert/strict";

import type { Condition } from "../spec/alert.ts";
import { declared } from "../spec/names.ts";
import { collectorConfig, metricDeclarations } from "./collector-config.ts";
import { shopTarget } from "./testing/shop.ts";

const alert = (condition: Condition) =>
  ({ requirement: "T-0", name: "A", severity: "warning", condition, summary: "." }) as const;
const refused = (labels: Record<string, string>) =>
  alert({ kind: "count", metric: "logins_total", above: 0, window: "5 min", labels });

describe("The metrics that CloudWatch gets", () => {
  const byService = { dimensions: [["service"]], metric_name_selectors: [".*"] };

  it("are all by service", () => assert.deepEqual(metricDeclarations([]), [byService]));

  it("are of the whole system as alerts read them, by their labels", () => {
    const alerts = [
      alert({ kind: "gauge", metric: "connected", compare: "below", limit: 1 }),
      refused({ result: "refused", app: "web" }),
      refused({ result: "late", app: "web" }),
    ];
    assert.deepEqual(metricDeclarations(alerts), [
      byService,
      { dimensions: [["system"]], metric_name_selectors: ["^connected\\z"] },
      { dimensions: [["system", "app", "result"]], metric_name_selectors: ["^logins_total\\z"] },
    ]);
  });
});

describe("The configuration of a collector", () => {
  const target = shopTarget();
  const metrics = declared(target.system.services, "api").metrics;
  assert(metrics);
  const text = collectorConfig(target, "api", metrics);
  const config = JSON.parse(text);

  it("reads the service's metrics as often as the specification says", () => {
    assert.deepEqual(config.receivers.prometheus.config.scrape_configs, [
      {
        job_name: "api",
        scrape_interval: "5s",
        metrics_path: "/metrics",
        static_configs: [{ targets: ["127.0.0.1:8080"], labels: { service: "api", system: "shop" } }],
      },
    ]);
  });

  it("writes to the log group of metrics, in the system's namespace", () => {
    const { awsemf } = config.exporters;
    assert.equal(awsemf.namespace, "shop/test");
    assert.equal(awsemf.log_group_name, "/shop/test/platform/metrics");
    assert.equal(awsemf.region, "eu-central-1");
  });

  it("names in its pipelines only what it has, and reads no variable", () => {
    for (const pipeline of Object.values<Record<string, string[]>>(config.service.pipelines)) {
      for (const [kind, names] of Object.entries(pipeline)) for (const name of names) assert(name in config[kind]);
    }
    for (const name of config.service.extensions) assert(name in config.extensions);
    assert.doesNotMatch(text, /\$/);
  });
});
