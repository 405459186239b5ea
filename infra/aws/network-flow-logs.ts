import { FlowLog } from "@pulumi/aws/ec2/flowLog.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import * as pulumi from "@pulumi/pulumi";

import { logGroupArn, platformLogGroup } from "./logs.ts";
import { physicalName } from "./names.ts";
import { networkTags } from "./network-tags.ts";
import type { Network } from "./network.ts";
import { policyDocument, trustPolicy } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/**
 * Who talked to whom in the VPC, and was refused (EC2.6). The log groups must exist before: name them in `dependsOn`.
 * Nothing in an existing network.
 */
export class NetworkFlowLogs extends pulumi.ComponentResource {
  constructor(name: string, args: { target: Target; network: Network }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:NetworkFlowLogs", name, {}, opts);
    const { target, network } = args;
    if (!("vpcId" in target.aws.network)) {
      const group = logGroupArn(target, platformLogGroup(target, "flow-logs"));
      const role = new Role(
        `${name}-role`,
        {
          name: physicalName(target, "role", "system", "flowlogs"),
          assumeRolePolicy: trustPolicy("vpc-flow-logs.amazonaws.com", target.aws.accountId),
          tags: componentTags("network"),
        },
        { parent: this },
      );
      const policy = new RolePolicy(
        `${name}-policy`,
        {
          name: "write",
          role: role.name,
          policy: policyDocument(
            { sid: "Find", actions: ["logs:DescribeLogGroups"], resources: ["*"] },
            { sid: "FindStreams", actions: ["logs:DescribeLogStreams"], resources: [`${group}:*`] },
            {
              sid: "Write",
              actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
              resources: [`${group}:log-stream:*`],
            },
          ),
        },
        { parent: this },
      );
      new FlowLog(
        `${name}-log`,
        {
          vpcId: network.vpcId,
          trafficType: "ALL",
          logDestinationType: "cloud-watch-logs",
          logDestination: group,
          iamRoleArn: role.arn,
          maxAggregationInterval: 60,
          tags: networkTags(target, "flow-logs"),
        },
        { parent: this, dependsOn: [policy] },
      );
    }
    this.registerOutputs({});
  }
}
