import { Eip } from "@pulumi/aws/ec2/eip.js";
import type { InternetGateway } from "@pulumi/aws/ec2/internetGateway.js";
import { NatGateway } from "@pulumi/aws/ec2/natGateway.js";
import { Route } from "@pulumi/aws/ec2/route.js";
import { RouteTable } from "@pulumi/aws/ec2/routeTable.js";
import { RouteTableAssociation } from "@pulumi/aws/ec2/routeTableAssociation.js";
import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import * as pulumi from "@pulumi/pulumi";

import { endpointPolicy, endpointService } from "./network-endpoints.ts";
import { networkTags } from "./network-tags.ts";
import type { Network } from "./network.ts";
import type { Target } from "./target.ts";

/** What routes are made with. */
export interface NetworkRoutesArgs {
  target: Target;
  network: Pick<Network, "vpcId" | "publicSubnetIds" | "privateSubnetIds" | "dataSubnetIds">;
  gateway: InternetGateway;
}

const everywhere = "0.0.0.0/0";

/**
 * Where the subnets lead: public ones to the internet gateway, private ones to S3 and a NAT gateway, data subnets
 * nowhere.
 *
 * Private subnets have a route table in every zone whatever the number of NAT gateways, so that more of them change
 * one route each.
 */
export class NetworkRoutes extends pulumi.ComponentResource {
  readonly privateRouteTableIds: pulumi.Output<string>[];
  /** The addresses of S3, as security groups know them. */
  readonly s3PrefixListId: pulumi.Output<string>;

  constructor(name: string, args: NetworkRoutesArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:NetworkRoutes", name, {}, opts);
    const { target, network, gateway } = args;
    const { zones } = target.aws;
    const table = (...parts: string[]) =>
      new RouteTable(
        [name, ...parts].join("-"),
        { vpcId: network.vpcId, tags: networkTags(target, ...parts) },
        { parent: this },
      );
    const associate = (tier: string, zone: string | undefined, subnetId: pulumi.Output<string>, { id }: RouteTable) =>
      new RouteTableAssociation(`${name}-${tier}-${zone}`, { subnetId, routeTableId: id }, { parent: this });

    const publicTable = table("public");
    new Route(
      `${name}-public-internet`,
      { routeTableId: publicTable.id, destinationCidrBlock: everywhere, gatewayId: gateway.id },
      { parent: this },
    );
    const dataTable = table("data");
    network.publicSubnetIds.forEach((id, index) => associate("public", zones[index], id, publicTable));
    network.dataSubnetIds.forEach((id, index) => associate("data", zones[index], id, dataTable));

    const natGateways = target.settings.profile.natGateways === "one" ? 1 : zones.length;
    const natGatewayIds = network.publicSubnetIds.slice(0, natGateways).map((subnetId, index) => {
      const zone = `nat-${zones[index]}`;
      const address = new Eip(
        `${name}-${zone}`,
        { domain: "vpc", tags: networkTags(target, zone) },
        { parent: this, dependsOn: [gateway] },
      );
      return new NatGateway(
        `${name}-${zone}`,
        { allocationId: address.id, subnetId, connectivityType: "public", tags: networkTags(target, zone) },
        { parent: this, dependsOn: [gateway] },
      ).id;
    });
    this.privateRouteTableIds = network.privateSubnetIds.map((subnetId, index) => {
      const zone = zones[index] ?? "";
      const privateTable = table("private", zone);
      new Route(
        `${name}-private-${zone}-internet`,
        {
          routeTableId: privateTable.id,
          destinationCidrBlock: everywhere,
          natGatewayId: natGatewayIds[index] ?? natGatewayIds[0],
        },
        { parent: this },
      );
      associate("private", zone, subnetId, privateTable);
      return privateTable.id;
    });
    this.s3PrefixListId = new VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: network.vpcId,
        serviceName: endpointService(target.aws.region, "s3"),
        vpcEndpointType: "Gateway",
        routeTableIds: this.privateRouteTableIds,
        policy: endpointPolicy(target.aws, "s3"),
        tags: networkTags(target, "s3"),
      },
      { parent: this },
    ).prefixListId;

    this.registerOutputs({});
  }
}
