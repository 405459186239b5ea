import type { TestResource } from "../testing/analyzer.ts";
import { autoscaler, copies, ecsService, scalingTarget } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";

const policy: TestResource = {
  type: "aws:appautoscaling/policy:Policy",
  name: "payment-server-cpu",
  properties: {
    policyType: "TargetTrackingScaling",
    resourceId: "service/worldstore-prod/worldstore-prod-payment-server",
    targetTrackingScalingPolicyConfiguration: {
      predefinedMetricSpecification: { predefinedMetricType: "ECSServiceAverageCPUUtilization" },
      targetValue: 70,
    },
  },
};

export const examples: Examples = {
  good: [
    { title: "A Deployment that follows the use of its CPU", resources: [copies(), autoscaler()] },
    { title: "An ECS service that does", resources: [ecsService(), scalingTarget(), policy] },
  ],
  bad: [
    {
      title: "An autoscaler of nothing",
      resources: [copies(), autoscaler({}, "misspelt")],
      property: "spec.scaleTargetRef.name",
    },
    {
      title: "An autoscaler of the agent, which may only run once",
      resources: [
        copies({}, { name: "worldstore-agent", kind: "StatefulSet" }),
        autoscaler({}, "worldstore-agent", "StatefulSet"),
      ],
      property: "the resource itself",
    },
    {
      title: "A range that nothing moves in",
      resources: [ecsService(), scalingTarget()],
      property: "the resource itself",
    },
  ],
};
