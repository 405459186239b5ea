import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import {
  app,
  aws,
  ecsService,
  httpsListener,
  ingress,
  listenerRule,
  loadBalancer,
  ofSystem,
  service,
  targetGroup,
} from "../testing/network-fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "lb-present";
const payment = (overrides: Record<string, unknown> = {}) => ofSystem("worldstore", app(overrides), "payment-server");
const found = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const scaler = (minReplicas: unknown) =>
  kubernetes("autoscaling/v2:HorizontalPodAutoscaler", {
    spec: { minReplicas, maxReplicas: 6, scaleTargetRef: { kind: "Deployment", name: "payment-server" } },
  });

describe("POL-LB-PRESENT (WS-SEC-28, EB-SEC-15, EB-SEC-42, AR-SEC-05, RB-SEC-24)", () => {
  describe("on Kubernetes", () => {
    const unreached = ["mandatory spec: a public service that no Ingress or Gateway leads to"];

    it("wants an Ingress or a route of a Gateway to every public component", async () => {
      assert.deepEqual(await found(payment(), service(), ingress()), []);
      assert.deepEqual(await found(payment(), service()), unreached);
      assert.deepEqual(await found(payment(), ingress()), unreached);
      const route = kubernetes("gateway.networking.k8s.io/v1:HTTPRoute", {
        spec: { rules: [{ backendRefs: [{ name: "payment-server", port: 3000 }] }] },
      });
      assert.deepEqual(await found(payment(), service(), route), []);
      const worker = ofSystem("worldstore", app(), "queue-worker");
      worker.properties["metadata"] = { ...(worker.properties["metadata"] as object), name: "worker" };
      assert.deepEqual(await found(worker, service()), []);
      assert.deepEqual(await found(ofSystem("shop", app(), "payment-server"), service()), []);
    });

    it("knows the public components of each system", async () => {
      for (const [system, component] of [
        ["ecommerce-bot", "webhook"],
        ["archesai", "api"],
        ["archesai", "platform"],
        ["ccl", "app"],
        ["retail-brain", "api-gateway"],
      ] as const) {
        assert.deepEqual(await found(ofSystem(system, app(), component), service()), unreached);
      }
    });

    it("is satisfied by one colour of a release, and asks nothing of one without copies or in development", async () => {
      const labels = { "app.kubernetes.io/name": "payment-server" };
      const colour = (name: string, overrides: Record<string, unknown> = {}) => {
        const one = payment(overrides);
        const metadata = { ...(one.properties["metadata"] as object), name };
        return { ...one, name, properties: { ...one.properties, metadata } };
      };
      const green = app({}, undefined, { app: "green" });
      const idle = ofSystem("worldstore", { ...green, name: "green" }, "payment-server");
      assert.deepEqual(await found(colour("blue"), idle, service(), ingress()), []);
      assert.deepEqual(await found(colour("green", { replicas: 0 }), service()), []);
      const metadata = { ...(payment().properties["metadata"] as { labels: object }) };
      const dev = {
        ...payment(),
        properties: {
          ...payment({ replicas: 1 }).properties,
          metadata: { ...metadata, labels: { ...metadata.labels, ...labels, environment: "dev" } },
        },
      };
      assert.deepEqual(await found(dev, service()), []);
    });

    it("wants two copies, of the autoscaler if there is one", async () => {
      const behind = (overrides: Record<string, unknown>, ...more: TestResource[]) =>
        found(payment(overrides), service(), ingress(), ...more);
      assert.deepEqual(await behind({ replicas: 1 }), ["mandatory spec.replicas: 1"]);
      assert.deepEqual(await behind({ replicas: undefined }), ["mandatory spec.replicas: nothing"]);
      assert.deepEqual(await behind({ replicas: UNKNOWN }), ["advisory not evaluated: spec.replicas"]);
      assert.deepEqual(await behind({ replicas: undefined }, scaler(2)), []);
      assert.deepEqual(await behind({ replicas: 3 }, scaler(undefined)), ["mandatory spec.minReplicas: nothing"]);
      const config = { [POLICY]: { parameters: { minTargets: 3 } } };
      assert.deepEqual(await stackVerdict(POLICY, [payment(), service(), ingress()], config), [
        "mandatory spec.replicas: 2",
      ]);
    });

    it("wants routes to lead to Services and ports that exist", async () => {
      const backend = "spec.rules[0].http.paths[0].backend.service";
      assert.deepEqual(await found(service({}, "other"), ingress()), [`mandatory ${backend}.name: "payment-server"`]);
      assert.deepEqual(await found(ingress()), []);
      assert.deepEqual(await found(service({ ports: [{ name: "web", port: 80 }] }), ingress()), [
        `mandatory ${backend}.port.name: "http"`,
      ]);
      assert.deepEqual(await found(service({ ports: UNKNOWN }), ingress()), []);
      assert.deepEqual(await found(service(), ingress({ rules: UNKNOWN })), ["advisory not evaluated: spec.rules"]);
    });
  });

  describe("on ECS", () => {
    const group = targetGroup();
    const service_ = (
      overrides: Record<string, unknown> = {},
      from: Record<string, TestResource[]> = { loadBalancers: [group] },
    ) =>
      ofSystem(
        "worldstore",
        ecsService({ loadBalancers: [{ targetGroupArn: UNKNOWN }], ...overrides }, from),
        "payment-server",
      );
    const edge = [loadBalancer(), httpsListener(), group];
    const rule = listenerRule(httpsListener(), group);
    const unreached = ["mandatory loadBalancers: target groups that no listener leads to"];

    it("wants a target group that a listener or rule leads to", async () => {
      assert.deepEqual(await found(...edge, rule, service_()), []);
      assert.deepEqual(await found(...edge, service_()), unreached);
      const listener = aws("lb/listener:Listener", { port: 443, protocol: "HTTPS" }, "direct", {
        defaultActions: [group],
      });
      assert.deepEqual(await found(group, listener, service_()), []);
      assert.deepEqual(await found(service_({ loadBalancers: [] }, {})), ["mandatory loadBalancers: []"]);
      assert.deepEqual(await found(service_({ loadBalancers: undefined }, {})), ["mandatory loadBalancers: nothing"]);
      assert.deepEqual(await found(service_({ loadBalancers: UNKNOWN }, {})), [
        "advisory not evaluated: loadBalancers",
      ]);
    });

    it("does not judge target groups of another stack", async () => {
      assert.deepEqual(await found(service_({ loadBalancers: [{ targetGroupArn: "arn:other" }] }, {})), []);
    });

    it("wants two copies", async () => {
      const copies = (desiredCount: unknown) => found(...edge, rule, service_({ desiredCount }));
      assert.deepEqual(await copies(1), ["mandatory desiredCount: 1"]);
      assert.deepEqual(await copies(undefined), ["mandatory desiredCount: nothing"]);
      assert.deepEqual(await copies(UNKNOWN), ["advisory not evaluated: desiredCount"]);
      const dev = service_({ desiredCount: 1, tags: { environment: "dev" } });
      assert.deepEqual(await found(...edge, rule, dev), []);
    });
  });
});
