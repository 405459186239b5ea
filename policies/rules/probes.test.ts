import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { container, deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { reportOf } from "../testing/report.ts";

const POLICY = "probes";
const POD = "spec.template.spec";
const APP = `${POD}.containers[0]`;
const LIVE = { httpGet: { path: "/live", port: 3000 } };

const app = (overrides: Record<string, unknown>, parameters = {}) =>
  verdict(POLICY, deployment(overrides), { [POLICY]: { parameters } });
const bare = (overrides = {}) => container({ readinessProbe: undefined, livenessProbe: undefined, ...overrides });

describe("POL-PROBES (WS-SEC-22, WS-SEC-44, EB-SEC-05, CC-SEC-37, RB-SEC-20, RB-SEC-35)", () => {
  it("accepts readiness and liveness probes of every handler", async () => {
    const handlers = [LIVE, { tcpSocket: { port: "3000" } }, { exec: { command: ["true"] } }, { grpc: { port: 3000 } }];
    for (const probe of handlers) {
      assert.deepEqual(await app({ readinessProbe: probe, livenessProbe: probe }), []);
    }
  });

  it("says what is wrong and what to do", async () => {
    const report = await reportOf("probes", deployment({ readinessProbe: undefined }));
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-PROBES: Health probes present and on the documented paths",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.containers[0].readinessProbe",
        "  found:    nothing",
        "  expected: a probe with one of exec, grpc, httpGet, tcpSocket",
        "  fix:      Declare the health paths of the service in its specification.",
        "  required: WS-SEC-22, WS-SEC-44, EB-SEC-05, CC-SEC-37, RB-SEC-20, RB-SEC-35",
        "  more:     docs/policies/probes.md",
      ].join("\n"),
    );
  });

  it("rejects a probe without a handler, which asks nothing", async () => {
    assert.deepEqual(await app({ livenessProbe: { periodSeconds: 5 } }), [`mandatory ${APP}.livenessProbe: an object`]);
  });

  it("rejects undocumented paths, an absent one too, unless the configuration names them", async () => {
    const probe = (path: unknown) => ({ livenessProbe: { httpGet: { path, port: 3000 } } });
    assert.deepEqual(await app(probe("/")), [`mandatory ${APP}.livenessProbe.httpGet.path: "/"`]);
    assert.deepEqual(await app(probe(undefined)), [`mandatory ${APP}.livenessProbe.httpGet.path: nothing`]);
    assert.deepEqual(await app(probe("/live2")), [`mandatory ${APP}.livenessProbe.httpGet.path: "/live2"`]);
    assert.deepEqual(await app(probe("/up"), { httpPaths: ["/up", "/ready"] }), []);
  });

  it("rejects a port name that the container does not have", async () => {
    assert.deepEqual(await app({ livenessProbe: { httpGet: { path: "/live", port: "web" } } }), [
      `mandatory ${APP}.livenessProbe.httpGet.port: "web"`,
    ]);
  });

  it("demands a startup probe where the configuration says so", async () => {
    assert.deepEqual(await app({}, { startup: true }), [`mandatory ${APP}.startupProbe: nothing`]);
    assert.deepEqual(await app({ startupProbe: LIVE }, { startup: true }), []);
  });

  it("concerns what runs for long: no jobs, init containers or pods that end; sidecars too", async () => {
    const spec = podSpec({ containers: [bare()] });
    assert.deepEqual(await verdict(POLICY, workload(spec, "Job")), []);
    assert.deepEqual(await verdict(POLICY, workload(spec, "CronJob")), []);
    assert.deepEqual(await verdict(POLICY, workload({ ...spec, restartPolicy: "Never" }, "Pod")), []);
    assert.equal((await verdict(POLICY, workload(spec, "Pod"))).length, 2);
    const initContainers = [bare(), bare({ restartPolicy: "Always", livenessProbe: LIVE })];
    assert.deepEqual(await verdict(POLICY, workload(podSpec({ initContainers }))), [
      `mandatory ${POD}.initContainers[1].readinessProbe: nothing`,
    ]);
  });

  it("goes on past probes that are not known yet", async () => {
    assert.deepEqual(await app({ readinessProbe: UNKNOWN, livenessProbe: undefined }), [
      `mandatory ${APP}.livenessProbe: nothing`,
      `advisory not evaluated: ${APP}.readinessProbe`,
    ]);
    assert.deepEqual(await app({ livenessProbe: { httpGet: { path: UNKNOWN, port: UNKNOWN } } }), [
      `advisory not evaluated: ${APP}.livenessProbe.httpGet.path`,
    ]);
  });

  describe("on ECS", () => {
    const service = (properties: Record<string, unknown>, task: TestResource): TestResource => ({
      type: "aws:ecs/service:Service",
      name: "payment-server",
      properties: { taskDefinition: UNKNOWN, ...properties },
      propertyDependencies: { taskDefinition: [urnOf(task)] },
    });
    const judge = (containers: unknown, properties = {}) => {
      const task = taskDefinition(containers);
      return stackVerdict(POLICY, [task, service(properties, task)]);
    };
    const mute = ecsContainer({ healthCheck: undefined });
    const silent = "mandatory containerDefinitions[0].healthCheck.command: nothing";

    it("demands a health check or a load balancer that asks the container", async () => {
      assert.deepEqual(await judge([ecsContainer()]), []);
      assert.deepEqual(await judge([mute]), [silent]);
      assert.deepEqual(await judge([mute], { loadBalancers: [{ containerName: "app", containerPort: 3000 }] }), []);
      assert.deepEqual(await judge([mute], { loadBalancers: [{ containerName: "other" }] }), [silent]);
    });

    it("leaves out containers that are not essential and tasks that no service runs", async () => {
      assert.deepEqual(await judge([ecsContainer({ healthCheck: undefined, essential: false })]), []);
      assert.deepEqual(await stackVerdict(POLICY, [taskDefinition([mute])]), []);
    });

    it("reports what is not known yet", async () => {
      assert.deepEqual(await judge(UNKNOWN), ["advisory not evaluated: containerDefinitions"]);
      assert.deepEqual(await judge([mute], { loadBalancers: UNKNOWN }), ["advisory not evaluated: loadBalancers"]);
    });
  });
});
