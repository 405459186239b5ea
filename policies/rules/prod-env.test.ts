import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { copies } from "../testing/copies.ts";
import { container, ecsContainer, podSpec, taskDefinition } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";

const POLICY = "prod-env";
const ENV = "spec.template.spec.containers[0].env";
const SERVER = { NODE_ENV: "production", LOG_LEVEL: "info" };

const list = (variables: Record<string, unknown>) =>
  Object.entries(variables).map(([name, value]) => ({ name, value }));
const workload = (env: unknown, options: { name?: string; system?: string } = {}, more: unknown[] = []) =>
  copies({}, { pod: podSpec({ containers: [container({ env }), ...more] }), ...options });
const judge = (env: unknown, options = {}, more: unknown[] = []) => verdict(POLICY, workload(env, options, more));
const vars = (variables: Record<string, unknown>, options = {}) => judge(list(variables), options);
const task = (environment: unknown, component = "worldstore-server"): TestResource =>
  taskDefinition(
    [ecsContainer({ name: "log-router", environment: [] }), ecsContainer({ name: component, environment })],
    {
      tags: { system: "worldstore", component },
    },
  );

describe("POL-PROD-ENV (WS-SEC-17, EB-SEC-16, EB-SEC-36, AR-SEC-15, CC-SEC-01, CC-SEC-07, RB-SEC-26)", () => {
  it("accepts the values of each system's components", async () => {
    assert.deepEqual(await vars(SERVER), []);
    const agent = { ...SERVER, XMTP_ENV: "production", RAILWAY_VOLUME_MOUNT_PATH: "/app/data" };
    assert.deepEqual(await vars(agent, { name: "worldstore-agent" }), []);
    const webhook = {
      WORKERS: 8,
      MCP_CLIENT_POOL_SIZE: "20",
      REDIS_MAX_CONNECTIONS: "200",
      MONGODB_MAX_POOL_SIZE: "100",
    };
    assert.deepEqual(await vars(webhook, { name: "webhook", system: "ecommerce-bot" }), []);
    const api = { ...SERVER, LOG_FORMAT: "json", METRICS_ENABLED: "true", TRACING_ENABLED: "true" };
    assert.deepEqual(await vars(api, { name: "api", system: "archesai" }), []);
    const app = { NODE_ENV: "production", TRUST_PROXY: "true", LOG_LEVEL: "warn" };
    assert.deepEqual(await vars(app, { name: "app", system: "ccl" }), []);
    const gateway = { NODE_ENV: "production", LOG_LEVEL: "warn" };
    assert.deepEqual(await vars(gateway, { name: "api-gateway", system: "retail-brain" }), []);
  });

  it("rejects other values and absent variables", async () => {
    assert.deepEqual(await vars({ NODE_ENV: "development" }), [
      `mandatory ${ENV}[0].value: "development"`,
      `mandatory ${ENV}: no LOG_LEVEL`,
    ]);
    assert.deepEqual(await judge(undefined), [`mandatory ${ENV}: no NODE_ENV`, `mandatory ${ENV}: no LOG_LEVEL`]);
    const referred = [
      { name: "NODE_ENV", valueFrom: { configMapKeyRef: { name: "x", key: "y" } } },
      ...list({ LOG_LEVEL: "info" }),
    ];
    assert.deepEqual(await judge(referred), [`mandatory ${ENV}[0].value: nothing`]);
  });

  it("rejects other values wherever the system sets them, without demanding them there", async () => {
    assert.deepEqual(await vars({}, { name: "redis" }), []);
    assert.deepEqual(await vars({ XMTP_ENV: "dev" }, { name: "redis" }), [`mandatory ${ENV}[0].value: "dev"`]);
    const beside = container({ name: "exporter", env: list({ LOG_LEVEL: "debug" }) });
    assert.deepEqual(await judge(list(SERVER), {}, [beside]), [
      'mandatory spec.template.spec.containers[1].env[0].value: "debug"',
    ]);
  });

  it("rejects profiling in the system that forbids it", async () => {
    const profiled = (value: string) => vars({ ENABLE_PROFILING: value }, { name: "mcp", system: "ecommerce-bot" });
    assert.deepEqual(await profiled("false"), []);
    for (const value of ["true", "TRUE"]) {
      assert.deepEqual(await profiled(value), [`mandatory ${ENV}[0].value: "${value}"`]);
    }
  });

  it("asks nothing in development and of systems that it does not know", async () => {
    const development = workload([]);
    const metadata = development.properties["metadata"] as { labels: Record<string, string> };
    metadata.labels["environment"] = "dev";
    assert.deepEqual(await verdict(POLICY, development), []);
    assert.deepEqual(await vars({ NODE_ENV: "test" }, { system: "other" }), []);
  });

  it("reads the component's own container of an ECS task", async () => {
    assert.deepEqual(await verdict(POLICY, task(list(SERVER))), []);
    assert.deepEqual(await verdict(POLICY, task(list({ NODE_ENV: "production", LOG_LEVEL: "trace" }))), [
      'mandatory containerDefinitions[1].environment[1].value: "trace"',
    ]);
    assert.deepEqual(await verdict(POLICY, task([])), [
      "mandatory containerDefinitions[1].environment: no NODE_ENV",
      "mandatory containerDefinitions[1].environment: no LOG_LEVEL",
    ]);
    assert.deepEqual(
      await verdict(POLICY, { ...task([]), properties: { ...task([]).properties, containerDefinitions: UNKNOWN } }),
      ["advisory not evaluated: containerDefinitions"],
    );
  });

  it("reports what is not known yet and goes on", async () => {
    assert.deepEqual(await vars({ NODE_ENV: UNKNOWN, LOG_LEVEL: "debug" }), [
      `mandatory ${ENV}[1].value: "debug"`,
      `advisory not evaluated: ${ENV}[0].value`,
    ]);
    assert.deepEqual(await judge(UNKNOWN), [`advisory not evaluated: ${ENV}`]);
  });

  it("takes its values from the configuration", async () => {
    const parameters = {
      required: { worldstore: { default: {}, server: { A: "1" } } },
      forbidden: { worldstore: { B: "2" } },
    };
    assert.deepEqual(await verdict(POLICY, workload(list({ B: "2" })), { [POLICY]: { parameters } }), [
      `mandatory ${ENV}: no A`,
      `mandatory ${ENV}[0].value: "2"`,
    ]);
  });
});
