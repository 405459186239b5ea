import { TaskDefinition } from "@pulumi/aws/ecs/taskDefinition.js";
import type * as pulumi from "@pulumi/pulumi";
import type { ecs } from "@pulumi/aws/types/input.js";

import type { Instance } from "../spec/instances.ts";
import { certificatesVolume, readsCertificates } from "./certificates.ts";
import { containerDefinitions, taskSize } from "./containers.ts";
import { type Named, physicalName } from "./names.ts";
import { roleArn } from "./roles.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The family of the task definitions of an instance or job. */
export function taskFamily(target: Named, { workload }: Pick<Instance, "workload">): string {
  return physicalName(target, "taskDefinition", workload);
}

/** What a task definition is of. */
export interface TaskArgs {
  target: Target;
  /** A service or job. */
  workload: string;
  instance: Instance;
  /** Folders that outlive the task. @default none */
  volumes?: readonly ecs.TaskDefinitionVolume[];
}

/** The task of an instance or job. Old revisions stay, so that a release can go back to them (WS-OPS-08). */
export function taskDefinition(
  name: string,
  { target, workload, instance, volumes = [] }: TaskArgs,
  opts: pulumi.CustomResourceOptions,
): TaskDefinition {
  const size = taskSize(target, workload);
  if (!size) throw new Error(`"${workload}" fits no task of Fargate`);
  return new TaskDefinition(
    `${name}-task`,
    {
      family: taskFamily(target, instance),
      requiresCompatibilities: ["FARGATE"],
      networkMode: "awsvpc",
      runtimePlatform: { operatingSystemFamily: "LINUX", cpuArchitecture: "X86_64" },
      cpu: String(size.cpu),
      memory: String(size.memory),
      taskRoleArn: roleArn(target, workload, "task"),
      executionRoleArn: roleArn(target, workload, "execution"),
      containerDefinitions: containerDefinitions(target, workload, instance),
      volumes: [...volumes, ...(readsCertificates(target, workload) ? [{ name: certificatesVolume }] : [])],
      skipDestroy: true,
      tags: componentTags(workload),
    },
    opts,
  );
}
