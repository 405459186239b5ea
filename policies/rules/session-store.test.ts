import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { container, ecsContainer, kubernetes, taskDefinition } from "../testing/fixtures.ts";
import { app, ecsService, ingress, ofSystem, service, targetGroup } from "../testing/network-fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "session-store";
const found = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const ccl = (spec: Record<string, unknown> = {}, containers?: unknown[]) =>
  ofSystem("ccl", containers ? app(spec, containers) : app(spec), "app");
const none = (count: number) => `${String(count)} copies that share no sessions`;

describe("POL-SESSION-STORE (CC-SEC-39)", () => {
  describe("on Kubernetes", () => {
    it("wants a shared store once there are two copies", async () => {
      assert.deepEqual(await found(ccl()), [`mandatory spec.replicas: ${none(2)}`]);
      assert.deepEqual(await found(ccl({ replicas: 1 })), []);
      assert.deepEqual(await found(ccl({ replicas: undefined })), []);
      assert.deepEqual(await found(ccl({ replicas: 0 })), []);
      assert.deepEqual(await found(ofSystem("ccl", app(), "worker")), []);
      assert.deepEqual(await found(ofSystem("worldstore", app(), "app")), []);
    });

    it("counts the copies that an autoscaler may make", async () => {
      const scaler = (name: string, maxReplicas: unknown) =>
        kubernetes("autoscaling/v2:HorizontalPodAutoscaler", { spec: { maxReplicas, scaleTargetRef: { name } } });
      assert.deepEqual(await found(ccl({ replicas: undefined }), scaler("payment-server", 6)), [
        `mandatory spec.replicas: ${none(6)}`,
      ]);
      assert.deepEqual(await found(ccl({ replicas: 1 }), scaler("payment-server", 1)), []);
      assert.deepEqual(await found(ccl({ replicas: 1 }), scaler("other", 6)), []);
    });

    it("accepts any variable that names the store, and maps of variables", async () => {
      for (const name of ["REDIS_URL", "REDIS_HOST", "SESSION_STORE_URL"]) {
        const env = [{ name, valueFrom: { secretKeyRef: { name: "app", key: "k" } } }];
        assert.deepEqual(await found(ccl({}, [container({ env })])), []);
      }
      const env = [{ name: "LOG_LEVEL", value: "info" }];
      assert.equal((await found(ccl({}, [container({ env })]))).length, 1);
      assert.deepEqual(await found(ccl({}, [container({ envFrom: [{ secretRef: { name: "app" } }] })])), []);
      assert.deepEqual(await found(ccl({}, [container({ envFrom: UNKNOWN })])), []);
    });

    it("accepts users who stay on their copy, by the Service or the Ingress", async () => {
      assert.deepEqual(await found(ccl(), service({ sessionAffinity: "ClientIP" })), []);
      assert.equal((await found(ccl(), service({ sessionAffinity: "None" }))).length, 1);
      assert.equal((await found(ccl(), service({ sessionAffinity: "ClientIP", selector: { app: "x" } }))).length, 1);
      const cookie = { "nginx.ingress.kubernetes.io/affinity": "cookie" };
      assert.deepEqual(await found(ccl(), service(), ingress({}, cookie)), []);
      assert.equal((await found(ccl(), service(), ingress())).length, 1);
      assert.equal((await found(ccl(), service({}, "other"), ingress({}, cookie))).length, 1);
    });

    it("waits for what is not known yet", async () => {
      assert.deepEqual(await found(ccl({ replicas: UNKNOWN })), ["advisory not evaluated: spec.replicas"]);
      assert.deepEqual(await found(ccl({}, [container({ env: UNKNOWN })])), []);
      const config = { [POLICY]: { parameters: { apps: { default: ["payment-server"] }, variables: ["LOG_LEVEL"] } } };
      assert.deepEqual(await stackVerdict(POLICY, [app()], config), []);
    });
  });

  describe("on ECS", () => {
    const task = (environment: unknown) => taskDefinition([ecsContainer({ environment })]);
    const plain = task([{ name: "LOG_LEVEL", value: "info" }]);
    const ecs = (definition: TestResource, overrides = {}, from: Record<string, TestResource[]> = {}) =>
      ofSystem("ccl", ecsService(overrides, { taskDefinition: [definition], ...from }), "app");

    it("wants a shared store or stickiness once there are two copies", async () => {
      assert.deepEqual(await found(plain, ecs(plain)), [`mandatory desiredCount: ${none(2)}`]);
      assert.deepEqual(await found(plain, ecs(plain, { desiredCount: 1 })), []);
      const shared = taskDefinition([ecsContainer({ secrets: [{ name: "REDIS_URL", valueFrom: "arn:secret" }] })]);
      assert.deepEqual(await found(shared, ecs(shared)), []);
      for (const [stickiness, lines] of [
        [{ type: "lb_cookie" }, 0],
        [{ type: "lb_cookie", enabled: true }, 0],
        [{ type: "lb_cookie", enabled: false }, 1],
        [undefined, 1],
        [UNKNOWN, 0],
      ] as const) {
        const group = targetGroup({ stickiness });
        assert.equal((await found(plain, group, ecs(plain, {}, { loadBalancers: [group] }))).length, lines);
      }
    });

    it("does not judge definitions that are unknown or of another stack", async () => {
      assert.deepEqual(await found(ofSystem("ccl", ecsService({ taskDefinition: "arn:other" }), "app")), []);
      const later = taskDefinition(UNKNOWN);
      assert.deepEqual(await found(later, ecs(later)), []);
    });
  });
});
