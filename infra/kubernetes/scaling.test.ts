import assert from "node:assert/strict";

import { find, record } from "../testing/record.ts";
import { shopTarget } from "../testing/shop.ts";
import { KubernetesSystem } from "./index.ts";
import { autoscalerSpec } from "./scaling.ts";

describe("Autoscaling", () => {
  it("follows the use of what containers request", () => {
    const { metrics } = autoscalerSpec(
      "api",
      { minimum: 2, maximum: 6 },
      {
        minimum: 1,
        maximum: 6,
        cpuPercent: 70,
        memoryPercent: 80,
      },
    ) as { metrics: object[] };
    assert.deepEqual(
      metrics,
      [
        ["cpu", 70],
        ["memory", 80],
      ].map(([name, averageUtilization]) => ({
        type: "Resource",
        resource: { name, target: { type: "Utilization", averageUtilization } },
      })),
    );
  });

  const scaledTo = async (maximum: number) => {
    const target = shopTarget();
    Object.assign(target.system.services["api"] ?? {}, { scaling: { minimum: 2, maximum, cpuPercent: 70 } });
    return record(() => new KubernetesSystem("shop", target, {}));
  };

  it("is nothing where the fewest copies are the most", async () => {
    const resources = await scaledTo(2);
    const { spec } = find(resources, "kubernetes:apps/v1:Deployment", "shop-api-workload").inputs;
    assert.equal((spec as { replicas: number }).replicas, 2);
    assert.ok(!resources.some(({ type }) => type.endsWith(":HorizontalPodAutoscaler")));
  });

  it("decides the number of copies alone", async () => {
    const resources = await scaledTo(6);
    const { spec } = find(resources, "kubernetes:apps/v1:Deployment", "shop-api-workload").inputs;
    assert.ok(!("replicas" in (spec as object)));
    const autoscaler = find(resources, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "shop-api-scaling").inputs;
    const { scaleTargetRef, minReplicas, maxReplicas } = autoscaler["spec"] as Record<string, unknown>;
    assert.deepEqual(scaleTargetRef, { apiVersion: "apps/v1", kind: "Deployment", name: "api" });
    assert.deepEqual([minReplicas, maxReplicas], [2, 6]);
  });
});
