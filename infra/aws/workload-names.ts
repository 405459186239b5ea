import { type Instance } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { arn, iamArn } from "./arns.ts";
import { type Named, physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/**
 * Who takes a role: the containers of a task, ECS when it starts a task, ECS when it moves traffic in a blue-green
 * deployment, or the scheduler that starts a job.
 */
export type RoleUse = "task" | "execution" | "deployment" | "schedule";

/** The name of a role of a service or job; all instances of a service share it. */
export function roleName(target: Named, workload: string, use: RoleUse): string {
  return physicalName(target, "role", workload, use);
}

/** The ARN of a role of a service or job. */
export function roleArn(target: Target, workload: string, use: RoleUse): string {
  return iamArn(target.aws, `role/${roleName(target, workload, use)}`);
}

/** The name of the cluster in which a service or job runs; jobs run in the system's own. */
export function clusterName(target: Target, workload: string): string {
  return physicalName(target, "cluster", statedCluster(target, workload).toLowerCase());
}

/** The ARN of the cluster in which a service or job runs. */
export function clusterArn(target: Target, workload: string): string {
  return arn(target.aws, "ecs", `cluster/${clusterName(target, workload)}`);
}

/** The cluster of a service or job as the specification spells it (WS-OPS-09). */
export function statedCluster({ system }: Target, workload: string): string {
  if (workload in system.jobs) return system.name;
  return declared(system.services, workload).cluster ?? system.name;
}

/** The name of the ECS service of an instance. */
export function serviceName(target: Named, instance: Pick<Instance, "workload">): string {
  return physicalName(target, "service", instance.workload);
}

/** The ARN of the ECS service of an instance. */
export function serviceArn(target: Target, service: string, instance: Pick<Instance, "workload">): string {
  return arn(target.aws, "ecs", `service/${clusterName(target, service)}/${serviceName(target, instance)}`);
}

/** The family of the task definitions of an instance or job. */
export function taskFamily(target: Named, instance: Pick<Instance, "workload">): string {
  return physicalName(target, "taskDefinition", instance.workload);
}
