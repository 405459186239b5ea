import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import * as pulumi from "@pulumi/pulumi";

import { iamArn } from "./arns.ts";
import { type Named, physicalName } from "./names.ts";
import { trustPolicy } from "./policy-document.ts";
import { deploymentPolicy, executionPolicy, schedulePolicy, taskPolicy } from "./role-policies.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";
import { workloadNames, workloadOf } from "./workload.ts";

/**
 * Who takes a role: the containers of a task, ECS when it starts a task, ECS when it moves requests to another colour, or
 * the scheduler that starts a job.
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

/**
 * The roles of every service and job, each limited to what its own flows and variables name. None speaks of keys: the
 * keys' own policies name the roles.
 */
export class WorkloadRoles extends pulumi.ComponentResource {
  private readonly name: string;
  private readonly target: Target;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:WorkloadRoles", name, {}, opts);
    this.name = name;
    this.target = target;
    for (const workload of workloadNames(target.system)) {
      this.createRole(workload, "task", "ecs-tasks.amazonaws.com", taskPolicy(target, workload));
      this.createRole(workload, "execution", "ecs-tasks.amazonaws.com", executionPolicy(target, workload));
      const { kind, specification } = workloadOf(target.system, workload);
      if (kind === "service" && specification.release.strategy === "blue-green" && isPublic(target, workload)) {
        this.createRole(workload, "deployment", "ecs.amazonaws.com", deploymentPolicy(target, workload));
      }
      if (kind === "job" && specification.when !== "before-release") {
        this.createRole(workload, "schedule", "scheduler.amazonaws.com", schedulePolicy(target, workload));
      }
    }
    this.registerOutputs({});
  }

  private createRole(workload: string, use: RoleUse, service: string, policy: string) {
    const logicalName = `${this.name}-${workload}-${use}`;
    const role = new Role(
      `${logicalName}-role`,
      {
        name: roleName(this.target, workload, use),
        assumeRolePolicy: trustPolicy(service, this.target.aws.accountId),
        tags: componentTags(workload),
      },
      { parent: this },
    );
    new RolePolicy(`${logicalName}-policy`, { name: use, role: role.name, policy }, { parent: this });
  }
}

function isPublic({ system }: Target, service: string): boolean {
  return Object.values(system.publicEndpoints).some((endpoint) => endpoint.service === service);
}
