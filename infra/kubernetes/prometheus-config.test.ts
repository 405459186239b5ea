import assert from "node:assert/strict";

import { load } from "js-yaml";

import { worldstore } from "../../stacks/worldstore.ts";
import { alertmanagerConfig } from "./alertmanager-config.ts";
import { alertRules, prometheusConfig, prometheusFlags } from "./prometheus-config.ts";
import { check, installCheckers } from "./testing/promtool.ts";
import { shopTarget } from "../testing/shop.ts";

const { settings } = shopTarget();
const system = worldstore({
  agentMode: "sharded",
  walletMode: "self-managed",
  logLevel: "info",
  xmtpEnvironment: "production",
});

interface Scrape {
  job_name: string;
  static_configs?: { targets: string[] }[];
  dns_sd_configs?: { names: string[]; port: number }[];
}

/** Jobs with what they read. */
function jobs(text: string): [string, string[]][] {
  const { scrape_configs } = load(text) as { scrape_configs: Scrape[] };
  return scrape_configs.map(({ job_name, static_configs = [], dns_sd_configs = [] }) => [
    job_name,
    [
      ...static_configs.flatMap(({ targets }) => targets),
      ...dns_sd_configs.flatMap(({ names, port }) => names.map((name) => `${name}:${port} by DNS`)),
    ],
  ]);
}

describe("The configuration of Prometheus", () => {
  it("reads every service, every Redis, Alertmanager and itself", () => {
    assert.deepEqual(jobs(prometheusConfig(shopTarget())), [
      ["api", ["api-pods.shop.svc:8080 by DNS"]],
      ["writer", ["writer.shop.svc:8080"]],
      ["cache", ["cache.shop.svc:9121"]],
      ["orders", ["orders.shop.svc:9121"]],
      ["alertmanager", ["alertmanager.shop.svc:9093"]],
      ["prometheus", ["localhost:9090"]],
    ]);
  });

  it("reads each instance of a single writer", () => {
    const agent = jobs(prometheusConfig({ system, settings })).find(([job]) => job === "worldstore-agent");
    assert.deepEqual(
      agent?.[1],
      [0, 1, 2].map((number) => `worldstore-agent-${number}.shop.svc:3000`),
    );
  });

  it("never waits longer for a reading than until the next one", () => {
    const { scrape_configs } = load(prometheusConfig(shopTarget())) as {
      scrape_configs: { job_name: string; scrape_interval?: string; scrape_timeout?: string }[];
    };
    const api = scrape_configs.find(({ job_name }) => job_name === "api");
    assert.deepEqual([api?.scrape_interval, api?.scrape_timeout], ["5s", "5s"]);
  });

  it("drops metrics that are too old, or that fill the volume", () => {
    assert.deepEqual(prometheusFlags({ settings: "/s", data: "/d" }, "7 d", "10 GiB"), [
      "--config.file=/s/prometheus.yml",
      "--storage.tsdb.path=/d",
      "--storage.tsdb.retention.time=604800s",
      "--storage.tsdb.retention.size=8192MB",
      "--web.listen-address=:9090",
    ]);
  });
});

describe("Alertmanager", () => {
  it("sends critical alerts at once and warnings within the hour (WS-SEC-32)", () => {
    const { route } = load(alertmanagerConfig()) as {
      route: {
        receiver: string;
        group_wait: string;
        routes: { matchers: string[]; receiver: string; group_wait: string }[];
      };
    };
    assert.deepEqual([route.receiver, route.group_wait], ["warning", "10m"]);
    assert.deepEqual(
      route.routes.map(({ matchers, receiver, group_wait }) => [matchers, receiver, group_wait]),
      [[['severity="critical"'], "critical", "0s"]],
    );
  });
});

describe("The servers themselves", function () {
  this.timeout(300_000);
  before(async function () {
    try {
      await installCheckers();
    } catch (error) {
      console.log(
        `promtool and amtool cannot be installed here: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.skip();
    }
  });

  it("accept the configuration and the rules", async () => {
    const target = { system, settings };
    const files = { "prometheus.yml": prometheusConfig(target), "alerts.yml": alertRules(target) };
    const prometheus = await check(["promtool", "check", "config"], files);
    assert.equal(prometheus.code, 0, prometheus.stdout + prometheus.stderr);
    assert.match(prometheus.stdout, new RegExp(`${system.alerts.length} rules found`));
    const alertmanager = await check(["amtool", "check-config"], { "alertmanager.yml": alertmanagerConfig() });
    assert.equal(alertmanager.code, 0, alertmanager.stdout + alertmanager.stderr);
  });

  it("alert when, and only when, a condition holds for long enough", async () => {
    const test = {
      rule_files: ["alerts.yml"],
      evaluation_interval: "15s",
      tests: [
        {
          interval: "15s",
          input_series: [
            { series: 'up{job="worldstore-server",instance="a"}', values: "1x80" },
            { series: 'up{job="worldstore-server",instance="b"}', values: "0x80" },
            { series: 'up{job="worldstore-agent",instance="a"}', values: "1x20 0x60" },
            { series: 'xmtp_connected{job="worldstore-agent"}', values: "1x8 0x72" },
            { series: 'payments_total{job="worldstore-server"}', values: "0+10x80" },
            { series: 'payments_failed_total{job="worldstore-server"}', values: "0x40 1+1x40" },
            { series: 'redis_memory_used_bytes{job="redis"}', values: "50x40 95x40" },
            { series: 'redis_memory_max_bytes{job="redis"}', values: "100x80" },
            { series: 'xmtp_installations{job="worldstore-agent"}', values: "8x80" },
          ],
          alert_rule_test: [
            // Two of three services are there, the worker has never been.
            alerts("4m", "ServiceDown", [{ job: "order-queue-worker" }]),
            // The agent stopped answering after 5 minutes.
            alerts("10m", "ServiceDown", [{ job: "order-queue-worker" }, { job: "worldstore-agent" }]),
            alerts("3m", "XmtpConnectionDown", []),
            alerts("6m", "XmtpConnectionDown", [{ job: "worldstore-agent" }]),
            alerts("9m", "PaymentFailures", []),
            alerts("20m", "PaymentFailures", [{}]),
            alerts("9m", "RedisMemoryHigh", []),
            alerts("15m", "RedisMemoryHigh", [{ job: "redis" }]),
            alerts("5m", "XmtpInstallationsHigh", [{ job: "worldstore-agent" }]),
            alerts("5m", "XmtpInstallationsNearLimit", []),
          ],
        },
      ],
    };
    const files = { "test.yml": JSON.stringify(test), "alerts.yml": alertRules({ system, settings }) };
    const result = await check(["promtool", "test", "rules"], files);
    assert.equal(result.code, 0, result.stdout + result.stderr);
  });
});

/** What promtool expects of an alert at a moment. */
function alerts(at: string, name: string, labels: Record<string, string>[]) {
  const { requirement, severity, summary } = system.alerts.find((alert) => alert.name === name) ?? assert.fail(name);
  return {
    eval_time: at,
    alertname: name,
    exp_alerts: labels.map((own) => ({
      exp_labels: { severity, requirement, ...own },
      exp_annotations: { summary },
    })),
  };
}
