import { AccessPoint } from "@pulumi/aws/efs/accessPoint.js";
import { BackupPolicy } from "@pulumi/aws/efs/backupPolicy.js";
import { FileSystem } from "@pulumi/aws/efs/fileSystem.js";
import { FileSystemPolicy } from "@pulumi/aws/efs/fileSystemPolicy.js";
import { MountTarget } from "@pulumi/aws/efs/mountTarget.js";
import * as pulumi from "@pulumi/pulumi";

import { isProtected } from "../settings.ts";
import { type Instance, instancesOf } from "../spec/instances.ts";
import { declared } from "../spec/names.ts";
import { backedUpTags } from "./backup-names.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import type { Network } from "./network.ts";
import { policyDocument } from "./policy-document.ts";
import { roleArn } from "./roles.ts";
import type { SecurityGroups } from "./security-groups.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The user and group of every container; the folders of volumes belong to them. */
const containerUser = 10001;

/** What the volumes of a service need. */
export interface ServiceVolumeArgs {
  target: Target;
  /** The service's name in the specification; it has volumes. */
  service: string;
  network: Pick<Network, "dataSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  keys: Pick<Keys, "arn">;
}

/**
 * The volumes of a single writer: one encrypted file system, and in it a folder for each instance and volume, which only
 * its access point shows (WS-SEC-19).
 *
 * It speaks NFS. SQLite's write-ahead log is unsafe there, since its shared memory does not cross the network: a database
 * needs one writer, which the release sees to, and a rollback journal, which the application sets (WS-DS-03).
 */
export class ServiceVolume extends pulumi.ComponentResource {
  readonly fileSystemId: pulumi.Output<string>;
  readonly fileSystemArn: pulumi.Output<string>;
  private readonly accessPoints: Map<string, AccessPoint>;

  constructor(name: string, args: ServiceVolumeArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:ServiceVolume", name, {}, opts);
    const { target, service, network, groups, keys } = args;
    const own = { parent: this, protect: isProtected(target.settings, service) };
    const label = physicalName(target, "fileSystem", service);
    const fileSystem = new FileSystem(
      `${name}-files`,
      {
        creationToken: label,
        encrypted: true,
        kmsKeyId: keys.arn("data"),
        performanceMode: "generalPurpose",
        throughputMode: "elastic",
        lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }, { transitionToPrimaryStorageClass: "AFTER_1_ACCESS" }],
        tags: { ...backedUpTags(service), Name: label },
      },
      own,
    );
    this.fileSystemId = fileSystem.id;
    this.fileSystemArn = fileSystem.arn;
    this.accessPoints = this.createAccessPoints(name, target, service, own);
    new FileSystemPolicy(
      `${name}-policy`,
      { fileSystemId: fileSystem.id, policy: this.policy(target, service) },
      { parent: this },
    );
    new BackupPolicy(
      `${name}-backup`,
      { fileSystemId: fileSystem.id, backupPolicy: { status: "ENABLED" } },
      { parent: this },
    );
    for (const [index, subnetId] of network.dataSubnetIds.entries()) {
      new MountTarget(
        `${name}-mount-${index}`,
        {
          fileSystemId: fileSystem.id,
          subnetId,
          securityGroups: [groups.of({ kind: "volume", name: service })],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }

  /** The access point through which an instance mounts a volume. */
  accessPointId(instance: Pick<Instance, "workload">, volume: string): pulumi.Output<string> {
    const accessPoint = this.accessPoints.get(folder(instance, volume));
    if (!accessPoint) throw new Error(`"${instance.workload}" has no volume "${volume}"`);
    return accessPoint.id;
  }

  private createAccessPoints(name: string, target: Target, service: string, own: pulumi.CustomResourceOptions) {
    const specification = declared(target.system.services, service);
    const ids = { uid: containerUser, gid: containerUser };
    return new Map(
      instancesOf(service, specification).flatMap((instance) =>
        Object.keys(specification.volumes ?? {}).map((volume) => {
          const path = folder(instance, volume);
          const accessPoint = new AccessPoint(
            `${name}${instance.workload.slice(service.length)}-${volume}`,
            {
              fileSystemId: this.fileSystemId,
              posixUser: ids,
              rootDirectory: {
                path,
                creationInfo: { ownerUid: containerUser, ownerGid: containerUser, permissions: "0700" },
              },
              tags: componentTags(service, { Name: `${instance.workload} ${volume}` }),
            },
            own,
          );
          return [path, accessPoint] as const;
        }),
      ),
    );
  }

  /** Only AWS knows the file system's and the access points' ids, so this policy is known after they exist. */
  private policy(target: Target, service: string): pulumi.Output<string> {
    const accessPoints = pulumi.all([...this.accessPoints.values()].map(({ arn }) => arn));
    return pulumi.all([this.fileSystemArn, accessPoints]).apply(([fileSystem, accessPointArns]) =>
      policyDocument(
        {
          sid: "Mount",
          principal: { arns: [roleArn(target, service, "task")] },
          actions: ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
          resources: [fileSystem],
          conditions: {
            StringEquals: { "elasticfilesystem:AccessPointArn": accessPointArns },
            Bool: { "elasticfilesystem:AccessedViaMountTarget": "true" },
          },
        },
        {
          sid: "WithoutTls",
          effect: "Deny",
          principal: "everyone",
          actions: ["*"],
          resources: [fileSystem],
          conditions: { Bool: { "aws:SecureTransport": "false" } },
        },
      ),
    );
  }
}

/** The folder of an instance's volume in the file system. */
function folder({ workload }: Pick<Instance, "workload">, volume: string): string {
  return `/${workload}/${volume}`;
}
