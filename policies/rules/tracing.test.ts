import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer } from "../testing/fixtures.ts";
import { app, ecs, file, serviceOf } from "../testing/monitoring.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "tracing";
const stack = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const AR = "archesai";
const EB = "ecommerce-bot";
const VALUE = "mandatory spec.template.spec.containers[0].env[0].value";
const untraced = (system: string) => [`mandatory the resource itself: no service of ${system} that sends traces`];
const sends = (value: unknown, name = "TRACING_ENDPOINT", system = EB) => app(system, { env: [{ name, value }] });
const jaeger = serviceOf(EB, "jaeger");

describe("POL-TRACING (EB-SEC-39, AR-SEC-42)", () => {
  it("demands that ecommerce-bot and ArchesAI send traces", async () => {
    for (const system of [AR, EB]) {
      assert.deepEqual(await stack(app(system)), untraced(system));
      assert.deepEqual(await stack(...ecs(system)), untraced(system));
    }
    assert.deepEqual(await stack(app("worldstore"), ...ecs("retail-brain")), []);
    const config = { [POLICY]: { parameters: { systems: { shop: "" } } } };
    assert.deepEqual(await stackVerdict(POLICY, [app("shop")], config), untraced("shop"));
    assert.deepEqual(await stackVerdict(POLICY, [app(EB)], config), []);
  });

  it("asks nothing of servers that watch the others, and of stacks without services", async () => {
    assert.deepEqual(await stack(app(EB, {}, { component: "monitoring" })), []);
    assert.deepEqual(await stack(app(EB, {}, { kind: "Job" })), []);
    assert.deepEqual(await stack(jaeger), []);
  });

  it("demands that the address is one of the stack, in every form", async () => {
    for (const value of [
      "http://jaeger:4318",
      "jaeger:4317",
      "jaeger",
      "http://jaeger.ecommerce-bot.svc.cluster.local:4318/v1/traces",
      "grpc://jaeger:4317",
    ]) {
      assert.deepEqual(await stack(sends(value), jaeger), [], value);
    }
    assert.deepEqual(await stack(sends("http://tempo:4318"), jaeger), [`${VALUE}: "http://tempo:4318"`]);
    assert.deepEqual(await stack(sends("jaeger:4317")), [`${VALUE}: "jaeger:4317"`]);
    assert.deepEqual(await stack(sends("http://tempo:4318", "OTHER"), jaeger), untraced(EB));
  });

  it("knows the variables of the usual libraries, and those that the configuration names", async () => {
    for (const name of [
      "TRACING_ENDPOINT",
      "OTEL_EXPORTER_OTLP_ENDPOINT",
      "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
      "OTEL_EXPORTER_JAEGER_ENDPOINT",
      "JAEGER_ENDPOINT",
      "JAEGER_AGENT_HOST",
    ]) {
      assert.deepEqual(await stack(sends("jaeger", name), jaeger), [], name);
    }
    const config = { [POLICY]: { parameters: { variables: ["SPANS"] } } };
    assert.deepEqual(await stackVerdict(POLICY, [sends("jaeger", "SPANS"), jaeger], config), []);
  });

  it("reads variables of ConfigMaps too", async () => {
    const map = file("OTEL_EXPORTER_OTLP_ENDPOINT", "http://jaeger:4318", EB);
    assert.deepEqual(await stack(app(EB), map, jaeger), []);
    assert.deepEqual(await stack(app(EB), map), ['mandatory data.OTEL_EXPORTER_OTLP_ENDPOINT: "http://jaeger:4318"']);
  });

  it("demands a collector beside a container that sends to localhost", async () => {
    const beside = (image: string) =>
      app(
        EB,
        {},
        {
          pod: {
            containers: [
              container({ env: [{ name: "JAEGER_ENDPOINT", value: "http://127.0.0.1:4318" }] }),
              container({ image }),
            ],
          },
        },
      );
    for (const image of ["jaegertracing/all-in-one:1", "otel/opentelemetry-collector:1", "grafana/tempo:2"]) {
      assert.deepEqual(await stack(beside(image)), [], image);
    }
    assert.deepEqual(await stack(beside("redis:7")), [`${VALUE}: "http://127.0.0.1:4318"`]);
  });

  it("demands the documented end of ArchesAI's address", async () => {
    const service = serviceOf(AR, "jaeger");
    assert.deepEqual(await stack(sends("http://jaeger:14268/api/traces", undefined, AR), service), []);
    assert.deepEqual(await stack(sends("http://jaeger:4318", undefined, AR), service), [
      `${VALUE}: "http://jaeger:4318"`,
    ]);
  });

  it("finds the names of services on ECS", async () => {
    const task = (value: unknown, system = EB) =>
      ecs(system, [ecsContainer({ environment: [{ name: "TRACING_ENDPOINT", value }] })]);
    const other = (properties: object): TestResource => ({
      type: "aws:ecs/service:Service",
      name: "o",
      properties: { ...properties },
    });
    const connected = (service: object) => other({ serviceConnectConfiguration: { services: [service] } });
    const bad = 'mandatory containerDefinitions[0].environment[0].value: "http://jaeger:4318"';
    assert.deepEqual(await stack(...task("http://jaeger:4318")), [bad]);
    assert.deepEqual(await stack(...task("http://jaeger:4318"), other({ name: "jaeger" })), []);
    assert.deepEqual(await stack(...task("http://jaeger:4318"), connected({ discoveryName: "jaeger" })), []);
    assert.deepEqual(
      await stack(...task("http://jaeger:4318"), connected({ clientAlias: [{ dnsName: "jaeger" }] })),
      [],
    );
    assert.deepEqual(await stack(...task("http://jaeger:4318"), connected({ clientAlias: { dnsName: "jaeger" } })), []);
    assert.deepEqual(await stack(...task("http://jaeger:4318", AR), other({ name: "jaeger" })), [bad]);
  });

  it("takes values from elsewhere and unknown ones for a reference", async () => {
    const path = "spec.template.spec.containers[0].env[0].value";
    assert.deepEqual(await stack(sends(UNKNOWN)), [`advisory not evaluated: ${path}`]);
    assert.deepEqual(await stack(...ecs(EB, UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
  });
});
