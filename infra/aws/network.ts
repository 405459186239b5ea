import { DefaultSecurityGroup } from "@pulumi/aws/ec2/defaultSecurityGroup.js";
import { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { Subnet } from "@pulumi/aws/ec2/subnet.js";
import { Vpc } from "@pulumi/aws/ec2/vpc.js";
import * as pulumi from "@pulumi/pulumi";

import { subnetPlan, type SubnetTier } from "./network-plan.ts";
import { NetworkRoutes } from "./network-routes.ts";
import { networkTags } from "./network-tags.ts";
import type { Target } from "./target.ts";

/**
 * The network of a system: a VPC of its own with public, private and data subnets in every zone, or the existing one
 * of the settings. In an existing network nothing is made: subnets, routes, endpoints, flow logs, the default
 * security group and the firewall of its resolver are its owner's.
 */
export class Network extends pulumi.ComponentResource {
  readonly vpcId: pulumi.Output<string>;
  /** Address range of the VPC. */
  readonly cidr: string;
  /** One subnet in each zone, in the zones' order. */
  readonly publicSubnetIds: pulumi.Output<string>[];
  readonly privateSubnetIds: pulumi.Output<string>[];
  readonly dataSubnetIds: pulumi.Output<string>[];
  /** One in each zone; empty in an existing network. */
  readonly privateRouteTableIds: pulumi.Output<string>[];
  /** The addresses of S3; undefined in an existing network. */
  readonly s3PrefixListId: pulumi.Output<string> | undefined;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Network", name, {}, opts);
    const { network } = target.aws;
    this.cidr = network.cidr;
    if ("vpcId" in network) {
      const known = (ids: readonly string[]) => ids.map((id) => pulumi.output(id));
      this.vpcId = pulumi.output(network.vpcId);
      this.publicSubnetIds = known(network.publicSubnetIds);
      this.privateSubnetIds = known(network.privateSubnetIds);
      this.dataSubnetIds = known(network.dataSubnetIds);
      this.privateRouteTableIds = [];
      this.s3PrefixListId = undefined;
    } else {
      const plan = subnetPlan(network.cidr, target.aws.zones);
      const vpc = new Vpc(
        `${name}-vpc`,
        {
          cidrBlock: network.cidr,
          enableDnsSupport: true,
          enableDnsHostnames: true,
          tags: networkTags(target, "vpc"),
        },
        { parent: this, protect: target.settings.profile.protect },
      );
      // Nobody uses it, and it would let its members talk to one another and to everyone.
      new DefaultSecurityGroup(
        `${name}-default-group`,
        { vpcId: vpc.id, ingress: [], egress: [], tags: networkTags(target, "closed") },
        { parent: this },
      );
      const subnets = (tier: SubnetTier) =>
        target.aws.zones.map(
          (zone, index) =>
            new Subnet(
              `${name}-${tier}-${zone}`,
              {
                vpcId: vpc.id,
                availabilityZone: zone,
                cidrBlock: plan[tier][index] as string,
                mapPublicIpOnLaunch: false,
                tags: networkTags(target, tier, zone),
              },
              { parent: this },
            ).id,
        );
      this.vpcId = vpc.id;
      this.publicSubnetIds = subnets("public");
      this.privateSubnetIds = subnets("private");
      this.dataSubnetIds = subnets("data");
      const gateway = new InternetGateway(
        `${name}-internet-gateway`,
        { vpcId: vpc.id, tags: networkTags(target, "internet") },
        { parent: this },
      );
      const routes = new NetworkRoutes(`${name}-routes`, { target, network: this, gateway }, { parent: this });
      this.privateRouteTableIds = routes.privateRouteTableIds;
      this.s3PrefixListId = routes.s3PrefixListId;
    }
    this.registerOutputs({});
  }
}
