import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { autoscaler, copies, ecsService, labels, scalingTarget } from "../testing/copies.ts";
import { container, podSpec } from "../testing/fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "autoscale";
const ITSELF = "the resource itself";

const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const metric = (name: string, averageUtilization: unknown) => {
  return { type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } };
};
const policy = (overrides: Record<string, unknown> = {}, type = "CPU", targetValue = 70): TestResource => ({
  type: "aws:appautoscaling/policy:Policy",
  name: `policy-${type}`,
  properties: {
    resourceId: "service/worldstore-prod/worldstore-prod-payment-server",
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: `ECSServiceAverage${type}Utilization` },
      targetValue,
    },
    ...overrides,
  },
});
const webhook = (spec: Record<string, unknown> = {}) => {
  const resource = autoscaler(spec, "webhook");
  (resource.properties["metadata"] as Record<string, unknown>)["labels"] = labels("webhook", "ecommerce-bot");
  return resource;
};
const WEBHOOK = copies({}, { name: "webhook", system: "ecommerce-bot" });

describe("POL-AUTOSCALE (WS-CST-08, EB-SEC-06, RB-SEC-48)", () => {
  it("accepts an autoscaler with a range, a metric and a workload", async () => {
    assert.deepEqual(await judge(copies(), autoscaler()), []);
    assert.deepEqual(await judge(copies(), autoscaler({ metrics: undefined, targetCPUUtilizationPercentage: 80 })), []);
    assert.deepEqual(await judge(copies()), []);
  });

  it("rejects one that names no workload, has no metric or no range", async () => {
    assert.deepEqual(await judge(copies(), autoscaler({}, "misspelt")), [
      'mandatory spec.scaleTargetRef.name: "misspelt"',
    ]);
    assert.deepEqual(await judge(copies(), autoscaler({ metrics: undefined })), ["mandatory spec.metrics: nothing"]);
    assert.deepEqual(await judge(copies(), autoscaler({ minReplicas: undefined })), [
      "mandatory spec.minReplicas: nothing",
    ]);
    assert.deepEqual(await judge(copies(), autoscaler({ minReplicas: 1, maxReplicas: 1 })), [
      "mandatory spec.minReplicas: 1",
      "mandatory spec.maxReplicas: 1",
    ]);
    assert.deepEqual(await judge(copies(), autoscaler({ maxReplicas: undefined })), [
      "mandatory spec.maxReplicas: nothing",
    ]);
    assert.deepEqual(await judge(copies(), autoscaler({ maxReplicas: 2 })), ["mandatory spec.maxReplicas: 2"]);
    assert.deepEqual(await judge(copies(), autoscaler({ maxReplicas: 3 })), []);
  });

  it("rejects a number of copies beside the autoscaler, and metrics without a request to measure by", async () => {
    assert.deepEqual(await judge(copies({ replicas: 2 }), autoscaler()), ["mandatory spec.replicas: 2"]);
    const with_ = (resources: unknown) => copies({}, { pod: podSpec({ containers: [container({ resources })] }) });
    assert.deepEqual(await judge(with_({}), autoscaler()), [
      "mandatory spec.template.spec.containers[0].resources.requests.cpu: nothing",
    ]);
    assert.deepEqual(await judge(with_({ limits: { cpu: "1" } }), autoscaler()), []);
    assert.deepEqual(await judge(with_({ requests: { cpu: "1" } }), autoscaler()), []);
    const queue = { type: "External", external: { metric: { name: "queue" } } };
    assert.deepEqual(await judge(with_({}), autoscaler({ metrics: [queue] })), []);
  });

  it("never scales the agent of worldstore", async () => {
    const agent = copies({}, { name: "worldstore-agent", kind: "StatefulSet" });
    assert.deepEqual(await judge(agent, autoscaler({}, "worldstore-agent", "StatefulSet")), [
      `mandatory ${ITSELF}: an autoscaler of worldstore-agent`,
    ]);
    const service = ecsService({}, "worldstore-agent");
    const target = scalingTarget({}, "worldstore-agent");
    const follows = policy({ resourceId: target.properties["resourceId"] });
    assert.deepEqual(await judge(service, target, follows), [`mandatory ${ITSELF}: an autoscaler of worldstore-agent`]);
  });

  it("demands autoscaling where a system requires it, with its metrics", async () => {
    assert.deepEqual(await judge(WEBHOOK), [`mandatory ${ITSELF}: a service that nothing scales`]);
    assert.deepEqual(await judge(WEBHOOK, webhook({ metrics: [metric("cpu", 70), metric("memory", 80)] })), []);
    assert.deepEqual(await judge(WEBHOOK, webhook({ metrics: [metric("cpu", 71)] })), [
      "mandatory spec.metrics[0].resource.target.averageUtilization: 71",
      "mandatory spec.metrics: a list of 1",
    ]);
    const development = structuredClone(WEBHOOK);
    const metadata = development.properties["metadata"] as { labels: Record<string, string> };
    metadata.labels["environment"] = "dev";
    assert.deepEqual(await judge(development), []);
  });

  it("demands a range, a policy and a service of scaling targets on ECS", async () => {
    assert.deepEqual(await judge(ecsService(), scalingTarget(), policy()), []);
    assert.deepEqual(await judge(ecsService(), scalingTarget()), [
      `mandatory ${ITSELF}: a range that nothing moves in`,
    ]);
    assert.deepEqual(await judge(ecsService(), scalingTarget({ minCapacity: 1, maxCapacity: 1 }), policy()), [
      "mandatory minCapacity: 1",
      "mandatory maxCapacity: 1",
    ]);
    assert.deepEqual(await judge(scalingTarget(), policy()), [
      'mandatory resourceId: "service/worldstore-prod/worldstore-prod-payment-server"',
    ]);
    const behind = {
      ...policy({ resourceId: UNKNOWN }),
      propertyDependencies: { resourceId: [urnOf(scalingTarget())] },
    };
    assert.deepEqual(await judge(ecsService(), scalingTarget(), behind), []);
    assert.deepEqual(await judge(scalingTarget({ serviceNamespace: "dynamodb", minCapacity: 1 })), []);
  });

  it("demands the metrics of a system on ECS", async () => {
    const tags = { component: "webhook", system: "ecommerce-bot" };
    const service = ecsService({ tags }, "webhook");
    const target = scalingTarget({ tags }, "webhook");
    const { resourceId } = target.properties;
    const all = [service, target, policy({ resourceId }), policy({ resourceId }, "Memory", 80)];
    assert.deepEqual(await judge(...all), []);
    const found = await judge(service, target, policy({ resourceId }, "CPU", 90));
    assert.deepEqual(found.sort(), [
      "mandatory targetTrackingScalingPolicyConfiguration.targetValue: 90",
      `mandatory ${ITSELF}: no policy that follows memory`,
    ]);
    assert.deepEqual(await judge(service), [`mandatory ${ITSELF}: a service that nothing scales`]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge(copies(), autoscaler({ minReplicas: UNKNOWN, metrics: UNKNOWN })), [
      "advisory not evaluated: spec.minReplicas",
      "advisory not evaluated: spec.metrics",
    ]);
  });

  it("takes components and the least number of copies from its configuration", async () => {
    const config = { [POLICY]: { parameters: { minimum: 3, components: { worldstore: { server: "required" } } } } };
    assert.deepEqual(await stackVerdict(POLICY, [copies()], config), [
      `mandatory ${ITSELF}: a service that nothing scales`,
    ]);
    assert.deepEqual(await stackVerdict(POLICY, [copies(), autoscaler()], config), ["mandatory spec.minReplicas: 2"]);
  });
});
