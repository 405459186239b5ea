import * as pulumi from "@pulumi/pulumi";

import type { Target } from "./target.ts";

/** The network of a system: a VPC of its own, or the existing one of the settings. */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Address range of the VPC. */
  readonly cidr: string;
  /** One subnet in each zone, in the zones' order. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly dataSubnetIds: pulumi.Output<string>[];
  /** Empty in an existing network, whose routes are its owner's. */
  readonly privateRouteTableIds: pulumi.Output<string>[];
  /** The addresses of S3 in a network made by the program, for security groups. */
  readonly s3PrefixListId: pulumi.Output<string> | undefined;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Network", name, {}, opts);
    const { network } = target.aws;
    if (!("vpcId" in network)) throw new Error("not filled yet");
    this.vpcId = pulumi.output(network.vpcId);
    this.cidr = network.cidr;
    this.publicSubnetIds = network.publicSubnetIds.map((id) => pulumi.output(id));
    this.privateSubnetIds = network.privateSubnetIds.map((id) => pulumi.output(id));
    this.dataSubnetIds = network.dataSubnetIds.map((id) => pulumi.output(id));
    this.privateRouteTableIds = [];
    this.s3PrefixListId = undefined;
    this.registerOutputs({});
  }
}
