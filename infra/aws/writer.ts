import * as pulumi from "@pulumi/pulumi";

import type { Instance } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { backupRoleArn, vaultName } from "./backup-names.ts";
import { childOptions, ecsService, type Surroundings } from "./ecs-service.ts";
import type { OperationsFunction } from "./functions.ts";
import { deploymentPlan } from "./release.ts";
import type { Target } from "./target.ts";
import { taskDefinition } from "./task-definition.ts";
import type { ServiceVolume } from "./volume.ts";

/** Seconds that a backup before a release may take, within the longest time of a function. */
const backupTimeout = 840;

/** The folders of a single writer, and the function that copies them before each release. */
export interface WriterVolume {
  files: Pick<ServiceVolume, "fileSystemId" | "fileSystemArn" | "accessPointId">;
  backup: Pick<OperationsFunction, "invoke">;
}

/** What one instance of a single writer needs. */
export interface SingleWriterArgs extends Surroundings {
  target: Target;
  /** The service's name in the specification. */
  service: string;
  instance: Instance;
  /** @default the service has no volumes */
  volume?: WriterVolume;
}

/**
 * Exactly one task with volumes and secrets of its own: ECS stops the old task before it starts the new one, so that
 * nothing is ever written by two (WS-SEC-24). Before that, its volumes are copied (WS-OPS-01).
 */
export class SingleWriter extends pulumi.ComponentResource {
  constructor(name: string, args: SingleWriterArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:SingleWriter", name, {}, opts);
    const { target, service, instance, network, groups, edge, volume } = args;
    const { volumes = {} } = declared(target.system.services, service);

    const task = taskDefinition(
      name,
      {
        target,
        workload: service,
        instance,
        ...(volume
          ? { volumes: Object.keys(volumes).map((folder) => filesVolume(volume.files, instance, folder)) }
          : {}),
      },
      { parent: this },
    );
    const copied = volume?.backup.invoke(
      `${name}-backup`,
      {
        vaultName: vaultName(target),
        resourceArn: volume.files.fileSystemArn,
        roleArn: backupRoleArn(target),
        timeoutSeconds: backupTimeout,
      },
      { task: task.arn },
      { parent: this },
    );
    ecsService(
      name,
      {
        target,
        service,
        instance,
        network,
        groups,
        edge,
        taskDefinition: task.arn,
        copies: 1,
        deployment: deploymentPlan({ strategy: "stop-then-start" }, 1),
      },
      pulumi.mergeOptions(childOptions(this, opts), copied ? { dependsOn: [copied] } : {}),
    );

    this.registerOutputs({});
  }
}

/** A folder of the file system as the task mounts it: encrypted on its way, through the instance's own access point. */
function filesVolume(files: WriterVolume["files"], instance: Instance, name: string) {
  return {
    name,
    efsVolumeConfiguration: {
      fileSystemId: files.fileSystemId,
      transitEncryption: "ENABLED",
      authorizationConfig: { accessPointId: files.accessPointId(instance, name), iam: "ENABLED" },
    },
  };
}
