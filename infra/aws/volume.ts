import * as pulumi from "@pulumi/pulumi";

import type { Instance } from "../spec/instances.ts";
import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Target } from "./target.ts";

/** What the volumes of a service need. */
export interface ServiceVolumeArgs {
  target: Target;
  /** The service's name in the specification; it has volumes. */
  service: string;
  network: Pick<Network, "dataSubnetIds">;
  groups: Pick<SecurityGroups, "of">;
  keys: Keys;
}

/** The volumes of a single writer: one file system, and in it a folder for each instance and volume. */
export class ServiceVolume extends pulumi.ComponentResource {
  readonly fileSystemId: pulumi.Output<string>;
  readonly fileSystemArn: pulumi.Output<string>;

  constructor(name: string, args: ServiceVolumeArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:ServiceVolume", name, {}, opts);
    void args;
    this.fileSystemId = pulumi.output("");
    this.fileSystemArn = pulumi.output("");
    this.registerOutputs({});
  }

  /** The access point through which an instance mounts a volume. */
  accessPointId(instance: Instance, volume: string): pulumi.Output<string> {
    return pulumi.output(`${instance.workload} ${volume}`);
  }
}
