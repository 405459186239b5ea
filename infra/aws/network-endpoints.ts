import { VpcEndpoint } from "@pulumi/aws/ec2/vpcEndpoint.js";
import * as pulumi from "@pulumi/pulumi";

import { bucketArn } from "./arns.ts";
import { networkTags } from "./network-tags.ts";
import type { Network } from "./network.ts";
import { policyDocument, type Statement } from "./policy-document.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Target } from "./target.ts";

/** Services of AWS that every system uses: images, logs, secrets, their keys, parameters and traces. */
const always = ["ecr.api", "ecr.dkr", "kms", "logs", "secretsmanager", "ssm", "xray"] as const;

/** A service of AWS that can be reached without leaving the VPC. */
export type EndpointService = (typeof always)[number] | "s3" | "sqs";

/** The services of AWS that a system reaches by an endpoint with addresses of its own in the VPC. */
export function interfaceServices({ system }: Pick<Target, "system">): EndpointService[] {
  const queues = Object.values(system.stores).some(({ engine }) => engine === "queue");
  return [...always, ...(queues ? (["sqs"] as const) : [])];
}

/** The name by which an endpoint knows its service. */
export function endpointService(region: string, service: EndpointService): string {
  return `${region.startsWith("cn-") && service.startsWith("ecr") ? "cn.com" : "com"}.amazonaws.${region}.${service}`;
}

/**
 * What may pass an endpoint: the account's own roles to the endpoint's service, and with S3 to the account's own
 * buckets. ECR hands out the layers of images from a bucket of AWS by signed addresses, whoever comes.
 */
export function endpointPolicy({ region, accountId }: Target["aws"], service: EndpointService): string {
  const own: Statement = {
    sid: "OwnAccount",
    principal: "everyone",
    actions: [`${service.split(".")[0]}:*`],
    resources: ["*"],
    conditions: {
      StringEquals: {
        "aws:PrincipalAccount": accountId,
        ...(service === "s3" ? { "aws:ResourceAccount": accountId } : {}),
      },
    },
  };
  if (service !== "s3") return policyDocument(own);
  return policyDocument(own, {
    sid: "ImageLayers",
    principal: "everyone",
    actions: ["s3:GetObject"],
    resources: [bucketArn({ region, accountId }, `prod-${region}-starport-layer-bucket`, "*")],
  });
}

/** What endpoints are made with. */
export interface NetworkEndpointsArgs {
  target: Target;
  network: Network;
  groups: SecurityGroups;
}

/**
 * The services of AWS inside the VPC, so that keys, secrets, logs and images never cross the internet (EC2.55 to
 * EC2.57). The endpoint of S3 is among the routes. Nothing in an existing network.
 */
export class NetworkEndpoints extends pulumi.ComponentResource {
  constructor(name: string, args: NetworkEndpointsArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:NetworkEndpoints", name, {}, opts);
    const { target, network, groups } = args;
    const services = "vpcId" in target.aws.network ? [] : interfaceServices(target);
    for (const service of services) {
      new VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: network.vpcId,
          serviceName: endpointService(target.aws.region, service),
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: network.privateSubnetIds,
          securityGroupIds: [groups.of({ kind: "endpoints" })],
          policy: endpointPolicy(target.aws, service),
          tags: networkTags(target, service),
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
