import { Policy } from "@pulumi/aws/appautoscaling/policy.js";
import { Target as ScalableTarget } from "@pulumi/aws/appautoscaling/target.js";
import * as pulumi from "@pulumi/pulumi";

import type { Copies } from "../copies.ts";
import { declared } from "../spec/names.ts";
import type { Scaling as ScalingPlan } from "../spec/service.ts";
import { clusterName } from "./cluster.ts";
import { physicalName } from "./names.ts";
import { serviceName } from "./service-names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Seconds before the number of copies changes again in the same direction: more come sooner than some go. */
const cooldowns = { scaleOutCooldown: 60, scaleInCooldown: 300 };

/** A metric of ECS and the percentage at which it is kept. */
export interface Tracking {
  metric: "cpu" | "memory";
  predefinedMetricType: "ECSServiceAverageCPUUtilization" | "ECSServiceAverageMemoryUtilization";
  targetValue: number;
}

/** What the number of copies follows: the percentages of the specification. */
export function trackings(scaling: ScalingPlan): Tracking[] {
  if ("replicas" in scaling) return [];
  const { cpuPercent, memoryPercent } = scaling;
  const all: Tracking[] = [];
  if (cpuPercent !== undefined) {
    all.push({ metric: "cpu", predefinedMetricType: "ECSServiceAverageCPUUtilization", targetValue: cpuPercent });
  }
  if (memoryPercent !== undefined) {
    all.push({
      metric: "memory",
      predefinedMetricType: "ECSServiceAverageMemoryUtilization",
      targetValue: memoryPercent,
    });
  }
  return all;
}

/** Lets the number of copies of a service follow its load (WS-CST-08). */
export class Scaling extends pulumi.ComponentResource {
  constructor(
    name: string,
    { target, service, copies }: { target: Target; service: string; copies: Copies },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:aws:Scaling", name, {}, opts);
    const scalable = {
      serviceNamespace: "ecs",
      scalableDimension: "ecs:service:DesiredCount",
      resourceId: `service/${clusterName(target, service)}/${serviceName(target, { workload: service })}`,
    };
    const range = new ScalableTarget(
      `${name}-range`,
      { ...scalable, minCapacity: copies.minimum, maxCapacity: copies.maximum, tags: componentTags(service) },
      { parent: this },
    );
    for (const { metric, predefinedMetricType, targetValue } of trackings(
      declared(target.system.services, service).scaling,
    )) {
      new Policy(
        `${name}-${metric}`,
        {
          ...scalable,
          name: physicalName(target, "scalingPolicy", service, metric),
          policyType: "TargetTrackingScaling",
          targetTrackingScalingPolicyConfiguration: {
            predefinedMetricSpecification: { predefinedMetricType },
            targetValue,
            ...cooldowns,
          },
        },
        { parent: this, dependsOn: [range] },
      );
    }
    this.registerOutputs({});
  }
}
