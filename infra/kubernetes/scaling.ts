import type { autoscaling } from "@pulumi/kubernetes/types/input.js";

import type { Scaling } from "../spec/service.ts";
import type { Copies } from "../copies.ts";

/**
 * Between how many copies a Deployment is scaled, and by which use of what its containers request. Without a stated share
 * Kubernetes uses 80% of the processor time.
 */
export function autoscalerSpec(
  deployment: string,
  { minimum, maximum }: Copies,
  { cpuPercent, memoryPercent }: Exclude<Scaling, { replicas: number }>,
): autoscaling.v2.HorizontalPodAutoscalerSpec {
  const metrics = [use("cpu", cpuPercent), use("memory", memoryPercent)].flat();
  return {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: deployment },
    minReplicas: minimum,
    maxReplicas: maximum,
    ...(metrics.length === 0 ? {} : { metrics }),
  };
}

function use(name: "cpu" | "memory", averageUtilization: number | undefined): autoscaling.v2.MetricSpec[] {
  if (averageUtilization === undefined) return [];
  return [{ type: "Resource", resource: { name, target: { type: "Utilization", averageUtilization } } }];
}
