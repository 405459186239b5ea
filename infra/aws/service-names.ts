import type { Instance } from "../spec/instances.ts";
import { arn } from "./arns.ts";
import { clusterName } from "./cluster.ts";
import { type Named, physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/** The name of the ECS service of an instance (`instancesOf`). */
export function serviceName(target: Named, { workload }: Pick<Instance, "workload">): string {
  return physicalName(target, "service", workload);
}

/** The ARN of the ECS service of an instance. */
export function serviceArn(target: Target, service: string, instance: Pick<Instance, "workload">): string {
  return arn(target.aws, "ecs", `service/${clusterName(target, service)}/${serviceName(target, instance)}`);
}
