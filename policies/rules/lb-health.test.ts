import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { container } from "../testing/fixtures.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { app, aws, ingress, loadBalancer, ofSystem, service, targetGroup } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { lbHealth } from "./lb-health.ts";

const POLICY = "lb-health";
const REQUIREMENTS = "WS-SEC-28, EB-SEC-15, EB-SEC-42, AR-SEC-05, CC-SEC-37, RB-SEC-20, RB-SEC-24";
const health = (healthCheck: unknown, system?: string) => {
  const group = targetGroup({ healthCheck });
  return verdict(POLICY, system === undefined ? group : ofSystem(system, group));
};
const fine = { path: "/health", interval: 10, unhealthyThreshold: 3 };

describe(`POL-LB-HEALTH (${REQUIREMENTS})`, () => {
  describe("target groups", () => {
    it("check a path of the application, that of the system if it states one", async () => {
      assert.deepEqual(await health(fine), []);
      assert.deepEqual(await health({ ...fine, path: "/ready" }), []);
      assert.deepEqual(await health({ ...fine, path: "/" }), ['mandatory healthCheck.path: "/"']);
      assert.deepEqual(await health({ ...fine, path: undefined }), ["mandatory healthCheck.path: nothing"]);
      assert.deepEqual(await health({ ...fine, path: "/ready" }, "ccl"), ['mandatory healthCheck.path: "/ready"']);
      assert.deepEqual(await health(fine, "ccl"), []);
      assert.deepEqual(await health({ ...fine, path: undefined, protocol: "TCP" }), []);
      assert.deepEqual(await health({ ...fine, enabled: false }), ["mandatory healthCheck.enabled: false"]);
    });

    it("notice 3 failures within 30 seconds, which the defaults do not", async () => {
      const slow = (count: number, seconds: number) =>
        `${String(count)} failures, one every ${String(seconds)} seconds`;
      assert.deepEqual(await health({ path: "/health" }), [`mandatory healthCheck: ${slow(3, 30)}`]);
      assert.deepEqual(await health({ ...fine, interval: 11 }), [`mandatory healthCheck.interval: ${slow(3, 11)}`]);
      assert.deepEqual(await health({ ...fine, interval: 15, unhealthyThreshold: 2 }), []);
      assert.deepEqual(await health({ ...fine, interval: 5, unhealthyThreshold: 4 }), [
        `mandatory healthCheck.interval: ${slow(4, 5)}`,
      ]);
      assert.deepEqual(await health(undefined), [
        "mandatory healthCheck.path: nothing",
        `mandatory healthCheck: ${slow(3, 30)}`,
      ]);
    });

    it("share requests out as their system says", async () => {
      const algorithm = (system: string, loadBalancingAlgorithmType: unknown) =>
        verdict(POLICY, ofSystem(system, targetGroup({ loadBalancingAlgorithmType })));
      assert.deepEqual(await algorithm("archesai", "least_outstanding_requests"), []);
      assert.deepEqual(await algorithm("archesai", undefined), ["mandatory loadBalancingAlgorithmType: nothing"]);
      assert.deepEqual(await algorithm("ecommerce-bot", undefined), []);
      assert.deepEqual(await algorithm("ecommerce-bot", "weighted_random"), [
        'mandatory loadBalancingAlgorithmType: "weighted_random"',
      ]);
      assert.deepEqual(await algorithm("worldstore", "weighted_random"), []);
      const config = { [POLICY]: { parameters: { algorithms: {}, paths: {} } } };
      assert.deepEqual(
        await verdict(POLICY, targetGroup({ loadBalancingAlgorithmType: "weighted_random" }), config),
        [],
      );
    });

    it("are judged as far as they are known; functions have no health check", async () => {
      assert.deepEqual(await health(UNKNOWN), ["advisory not evaluated: healthCheck"]);
      assert.deepEqual(await health({ path: UNKNOWN, interval: UNKNOWN }), [
        "advisory not evaluated: healthCheck.path",
        "advisory not evaluated: healthCheck.interval",
      ]);
      assert.deepEqual(await health({ ...fine, protocol: UNKNOWN, path: "/" }), [
        "advisory not evaluated: healthCheck.protocol",
      ]);
      assert.deepEqual(await verdict(POLICY, targetGroup({ targetType: "lambda", healthCheck: undefined })), []);
      const config = { [POLICY]: { parameters: { maxFailures: 5, maxSeconds: 100 } } };
      const patient = targetGroup({ healthCheck: { ...fine, interval: 20, unhealthyThreshold: 5 } });
      assert.deepEqual(await verdict(POLICY, patient, config), []);
    });
  });

  describe("load balancers", () => {
    const found = (overrides: Record<string, unknown>) => verdict(POLICY, loadBalancer(overrides));

    it("keep access logs", async () => {
      assert.deepEqual(await found({}), []);
      assert.deepEqual(await found({ accessLogs: undefined }), ["mandatory accessLogs.enabled: nothing"]);
      assert.deepEqual(await found({ accessLogs: { enabled: false, bucket: "logs" } }), [
        "mandatory accessLogs.enabled: false",
      ]);
      assert.deepEqual(await found({ accessLogs: UNKNOWN }), ["advisory not evaluated: accessLogs"]);
      assert.deepEqual(await found({ accessLogs: undefined, loadBalancerType: "network" }), []);
    });

    it("are protected from deletion, except in development", async () => {
      assert.deepEqual(await found({ enableDeletionProtection: undefined }), [
        "mandatory enableDeletionProtection: nothing",
      ]);
      assert.deepEqual(await found({ enableDeletionProtection: false }), ["mandatory enableDeletionProtection: false"]);
      assert.deepEqual(await found({ enableDeletionProtection: false, tags: { environment: "dev" } }), []);
      assert.deepEqual(await found({ enableDeletionProtection: UNKNOWN }), [
        "advisory not evaluated: enableDeletionProtection",
      ]);
    });

    it("of the first generation keep logs once they name a bucket", async () => {
      const classic = (accessLogs: unknown) => verdict(POLICY, aws("elb/loadBalancer:LoadBalancer", { accessLogs }));
      assert.deepEqual(await classic({ bucket: "logs" }), []);
      assert.deepEqual(await classic({ bucket: "logs", enabled: false }), ["mandatory accessLogs.enabled: false"]);
      assert.deepEqual(await classic(undefined), ["mandatory accessLogs.enabled: nothing"]);
    });

    it("are protected, and their checks turned on, by the remediation", () => {
      for (const resource of [
        loadBalancer({ enableDeletionProtection: false }),
        loadBalancer({ enableDeletionProtection: undefined }),
        loadBalancer({ enableDeletionProtection: false, tags: { environment: "dev" } }),
        targetGroup({ healthCheck: { ...fine, enabled: false } }),
      ]) {
        assert.deepEqual(verdictRemediated(lbHealth, resource), { verdict: [], idempotent: true });
      }
      for (const resource of [
        loadBalancer(),
        loadBalancer({ enableDeletionProtection: UNKNOWN }),
        loadBalancer({ enableDeletionProtection: "true" }),
        loadBalancer({ enableDeletionProtection: false, tags: { environment: "dev" } }),
        targetGroup(),
        targetGroup({ healthCheck: undefined }),
        aws("rds/instance:Instance", { healthCheck: { enabled: false } }),
      ]) {
        assert.deepEqual(remediated(lbHealth, resource), resource);
      }
    });
  });

  describe("on Kubernetes", () => {
    const probeless = [container({ readinessProbe: undefined })];
    const PROBE = "mandatory spec.template.spec.containers[0].readinessProbe: nothing";

    it("wants a readiness probe of whatever an Ingress leads to", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [ingress(), service(), app()]), []);
      assert.deepEqual(await stackVerdict(POLICY, [ingress(), service(), app({}, probeless)]), [PROBE]);
      assert.deepEqual(await stackVerdict(POLICY, [service(), app({}, probeless)]), []);
      assert.deepEqual(await stackVerdict(POLICY, [ingress(), service({}, "other"), app({}, probeless)]), []);
      const helper = container({ name: "helper", ports: undefined, readinessProbe: undefined });
      assert.deepEqual(await stackVerdict(POLICY, [ingress(), service(), app({}, [container(), helper])]), []);
      const unknown = [container({ readinessProbe: UNKNOWN })];
      assert.deepEqual(await stackVerdict(POLICY, [ingress(), service(), app({}, unknown)]), [
        "advisory not evaluated: spec.template.spec.containers[0].readinessProbe",
      ]);
    });

    it("reads the path that an Ingress's load balancer checks", async () => {
      const name = "alb.ingress.kubernetes.io/healthcheck-path";
      const found = (path: string, system: string) => verdict(POLICY, ofSystem(system, ingress({}, { [name]: path })));
      assert.deepEqual(await found("/health", "worldstore"), []);
      assert.deepEqual(await found("/ready", "worldstore"), [`mandatory metadata.annotations["${name}"]: "/ready"`]);
      assert.deepEqual(await found("/", "retail-brain"), [`mandatory metadata.annotations["${name}"]: "/"`]);
    });
  });
});
