import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { ecsContainer } from "../testing/fixtures.ts";
import { app, ecs, file, serviceOf } from "../testing/monitoring.ts";
import { stackVerdict } from "../testing/pack.ts";

type Json = Record<string, unknown>;

const POLICY = "metrics-scraped";
const stack = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const UNREAD = ["mandatory the resource itself: a service whose metrics nobody reads"];
const SYSTEM = "worldstore";
const prometheus = (job: Json, more: Json = {}, system = SYSTEM) =>
  file("prometheus.yml", { ...more, scrape_configs: [job] }, system, "prometheus-settings");
const statics = (...targets: unknown[]) => ({ static_configs: [{ targets }] });
const judge = (job: Json, { system = SYSTEM, more = {} }: { system?: string; more?: Json } = {}) =>
  stack(app(system), serviceOf(system), prometheus(job, more, system));
const at = (path: string, found: string) => [`mandatory data["prometheus.yml"].scrape_configs[0]${path}: ${found}`];

describe("POL-METRICS-SCRAPED (WS-SEC-46, EB-SEC-21, EB-SEC-38, AR-SEC-06, CC-SEC-18, CC-SEC-22, CC-SEC-29, RB-SEC-04, RB-SEC-38)", () => {
  it("demands that something reads the services of the five systems", async () => {
    for (const system of ["worldstore", "ecommerce-bot", "archesai", "ccl", "retail-brain"]) {
      assert.deepEqual(await stack(app(system), serviceOf(system)), UNREAD, system);
      assert.deepEqual(await stack(...ecs(system)), UNREAD, system);
    }
    assert.deepEqual(await stack(app("shop"), ...ecs("shop")), []);
  });

  it("asks nothing of stores, servers that watch, jobs, and pods without a port", async () => {
    for (const component of ["database", "cache", "queue", "monitoring", "tracing", "logging", "backup"]) {
      assert.deepEqual(await stack(app(SYSTEM, {}, { component })), [], component);
    }
    assert.deepEqual(await stack(app(SYSTEM, {}, { kind: "Job" })), []);
    assert.deepEqual(await stack(app(SYSTEM, { ports: [] })), []);
  });

  it("finds a workload by a Service that leads to it, named in a target or in DNS", async () => {
    assert.deepEqual(await judge(statics("app.worldstore.svc:3000")), []);
    assert.deepEqual(await judge(statics("app:3000")), []);
    assert.deepEqual(await judge(statics("other:3000", "app")), []);
    assert.deepEqual(await judge({ dns_sd_configs: [{ names: ["app.worldstore.svc"], port: 3000 }] }), []);
    assert.deepEqual(await judge(statics("apps:3000")), UNREAD);
    assert.deepEqual(await judge({}), UNREAD);
    const second = app(SYSTEM, {}, { name: "second" });
    assert.deepEqual(await stack(app(SYSTEM), second, serviceOf(SYSTEM), prometheus(statics("app:3000"))), UNREAD);
  });

  it("finds annotated pods where Prometheus discovers them", async () => {
    const annotated = (value: unknown) => {
      const workload = app(SYSTEM);
      const { template } = workload.properties["spec"] as { template: { metadata: Json; spec: unknown } };
      const metadata = { ...template.metadata, annotations: { "prometheus.io/scrape": value } };
      return { ...workload, properties: { ...workload.properties, spec: { template: { ...template, metadata } } } };
    };
    const discovery = prometheus({ kubernetes_sd_configs: [{ role: "pod" }] });
    assert.deepEqual(await stack(annotated("true"), discovery), []);
    assert.deepEqual(await stack(annotated("false"), discovery), UNREAD);
    assert.deepEqual(await stack(annotated("true"), prometheus(statics("x"))), UNREAD);
    assert.deepEqual(await stack(app(SYSTEM), discovery), UNREAD);
  });

  it("finds a server that reads itself", async () => {
    const pod = { volumes: [{ name: "settings", configMap: { name: "prometheus-settings" } }] };
    assert.deepEqual(await stack(app(SYSTEM, {}, { pod }), prometheus(statics("localhost:9090"))), []);
    assert.deepEqual(await stack(app(SYSTEM), prometheus(statics("localhost:9090"))), UNREAD);
  });

  it("finds what monitors of the operator select", async () => {
    const monitor = (kind: string, matchLabels: Json, endpoint: Json = { port: "http" }): TestResource => ({
      type: `kubernetes:monitoring.coreos.com/v1:${kind}`,
      name: "monitor",
      properties: {
        spec: { selector: { matchLabels }, endpoints: [endpoint], podMetricsEndpoints: [endpoint] },
      },
    });
    const own = { "app.kubernetes.io/part-of": SYSTEM };
    const pod = { "app.kubernetes.io/name": "app" };
    assert.deepEqual(await stack(app(SYSTEM), serviceOf(SYSTEM), monitor("ServiceMonitor", own)), []);
    assert.deepEqual(await stack(app(SYSTEM), serviceOf(SYSTEM), monitor("ServiceMonitor", { a: "b" })), UNREAD);
    assert.deepEqual(await stack(app(SYSTEM), monitor("ServiceMonitor", own)), UNREAD);
    assert.deepEqual(await stack(app(SYSTEM), monitor("PodMonitor", pod)), []);
    assert.deepEqual(await stack(app(SYSTEM), monitor("PodMonitor", { a: "b" })), UNREAD);
    const labels = { "app.kubernetes.io/part-of": "ccl" };
    const secure = { path: "/api/monitoring/metrics/prometheus", port: "http" };
    const of = (endpoint: Json) => stack(app("ccl"), monitor("PodMonitor", labels, endpoint));
    assert.deepEqual(await of({ ...secure, bearerTokenSecret: { name: "a", key: "b" } }), []);
    assert.deepEqual(await of({ ...secure, tlsConfig: { cert: {} } }), []);
    assert.deepEqual(await of(secure), ["mandatory spec.podMetricsEndpoints[0]: a job without a credential"]);
  });

  it("demands ecommerce-bot's path and port", async () => {
    const system = "ecommerce-bot";
    assert.deepEqual(await judge(statics("app:9090"), { system }), []);
    assert.deepEqual(await judge({ metrics_path: "/metrics", ...statics("app:9090") }, { system }), []);
    assert.deepEqual(
      await judge({ metrics_path: "/m", ...statics("app:9090") }, { system }),
      at(".metrics_path", '"/m"'),
    );
    assert.deepEqual(await judge(statics("app:8000"), { system }), at(".static_configs[0].targets[0]", '"8000"'));
    const dns = (port: number) => ({ dns_sd_configs: [{ names: ["app"], port }] });
    assert.deepEqual(await judge(dns(9090), { system }), []);
    assert.deepEqual(await judge(dns(9091), { system }), at(".dns_sd_configs[0].port", "9091"));
  });

  it("demands that ArchesAI is read every 15 seconds, by the job or by default", async () => {
    const system = "archesai";
    const of = (scrape_interval?: string, global?: string) =>
      judge({ scrape_interval, ...statics("app:9090") }, { system, more: { global: { scrape_interval: global } } });
    assert.deepEqual(await of("15s"), []);
    assert.deepEqual(await of(undefined, "15s"), []);
    assert.deepEqual(await of("10s", "1m"), []);
    assert.deepEqual(await of("16s", "15s"), at(".scrape_interval", '"16s"'));
    const place = 'mandatory data["prometheus.yml"].global.scrape_interval';
    assert.deepEqual(await of(undefined, "30s"), [`${place}: "30s"`]);
    assert.deepEqual(await of(), [`${place}: nothing`]);
  });

  it("takes its numbers from the configuration; Prometheus reads once a minute by itself", async () => {
    const config = (interval: number) => ({ [POLICY]: { parameters: { systems: { shop: { interval } } } } });
    const resources = [app("shop"), serviceOf("shop"), prometheus(statics("app:3000"), {}, "shop")];
    assert.deepEqual(await stackVerdict(POLICY, resources, config(60)), []);
    assert.deepEqual(await stackVerdict(POLICY, resources, config(59)), [
      'mandatory data["prometheus.yml"].global.scrape_interval: nothing',
    ]);
    assert.deepEqual(await stackVerdict(POLICY, [app(SYSTEM)], config(60)), []);
  });

  it("demands a credential for the metrics of Complete Car Loans", async () => {
    const system = "ccl";
    const job = { metrics_path: "/api/monitoring/metrics/prometheus", ...statics("app:5000") };
    assert.deepEqual(await judge(job, { system }), at("", "a job without a credential"));
    for (const key of ["basic_auth", "authorization", "bearer_token", "bearer_token_file", "oauth2"]) {
      assert.deepEqual(await judge({ ...job, [key]: {} }, { system }), [], key);
    }
    assert.deepEqual(await judge({ ...job, tls_config: { cert_file: "a" } }, { system }), []);
    assert.deepEqual(
      await judge({ ...job, tls_config: { ca_file: "a" } }, { system }),
      at("", "a job without a credential"),
    );
  });

  it("demands a collector in each task on ECS", async () => {
    const collector = (value: unknown, name = "AOT_CONFIG_CONTENT") =>
      ecsContainer({ name: "collector", environment: [{ name, value }] });
    const jobs = { scrape_configs: [{ job_name: "app", ...statics("127.0.0.1:3000") }] };
    const config = JSON.stringify({ receivers: { prometheus: { config: jobs } } });
    const of = (...containers: Json[]) => stack(...ecs(SYSTEM, containers));
    assert.deepEqual(await of(ecsContainer(), collector(config)), []);
    assert.deepEqual(await of(ecsContainer(), collector(JSON.stringify(jobs), "PROMETHEUS_CONFIG_CONTENT")), []);
    assert.deepEqual(await of(ecsContainer(), collector(config, "OTHER")), UNREAD);
    assert.deepEqual(await of(ecsContainer(), collector("{")), UNREAD);
    assert.deepEqual(await of(ecsContainer(), collector('{"receivers":{"otlp":{}}}')), UNREAD);
    const idle = JSON.stringify({ scrape_configs: [{ job_name: "app" }] });
    assert.deepEqual(await of(ecsContainer(), collector(idle)), UNREAD);
    const elsewhere = ecsContainer({ secrets: [{ name: "AOT_CONFIG_CONTENT", valueFrom: "arn" }] });
    assert.deepEqual(await of(elsewhere), []);
    assert.deepEqual(await of(ecsContainer({ secrets: [{ name: "OTHER", valueFrom: "arn" }] })), UNREAD);
  });

  it("finds the task of a service by its family too", async () => {
    const [task, service] = ecs(SYSTEM, [ecsContainer({ secrets: [{ name: "CW_CONFIG_CONTENT", valueFrom: "arn" }] })]);
    assert.ok(task && service);
    const named = (taskDefinition: string) => ({
      ...service,
      properties: { ...service.properties, taskDefinition },
      propertyDependencies: {},
    });
    const arn = "arn:aws:ecs:eu-central-1:111122223333:task-definition";
    assert.deepEqual(await stack(task, named("payment-server")), []);
    assert.deepEqual(await stack(task, named(`${arn}/payment-server:7`)), []);
    assert.deepEqual(await stack(task, named("other:7")), UNREAD);
  });

  it("misses none while something is not known yet", async () => {
    const open = 'advisory not evaluated: data["prometheus.yml"]';
    assert.deepEqual(await stack(app(SYSTEM), file("prometheus.yml", UNKNOWN)), [open]);
    assert.deepEqual(await stack(...ecs(SYSTEM, UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
    assert.deepEqual(await judge({ metrics_path: UNKNOWN, ...statics("app:9090") }, { system: "ecommerce-bot" }), [
      'advisory not evaluated: data["prometheus.yml"].scrape_configs[0].metrics_path',
    ]);
  });
});
