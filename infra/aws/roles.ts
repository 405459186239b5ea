import { iamArn } from "./arns.ts";
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
