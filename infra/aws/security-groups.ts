import { SecurityGroup } from "@pulumi/aws/ec2/securityGroup.js";
import { SecurityGroupEgressRule } from "@pulumi/aws/vpc/securityGroupEgressRule.js";
import { SecurityGroupIngressRule } from "@pulumi/aws/vpc/securityGroupIngressRule.js";
import * as pulumi from "@pulumi/pulumi";

import { physicalName } from "./names.ts";
import { endName, groupEnds, groupRules, ruleName, type GroupEnd, type GroupRule } from "./network-rules.ts";
import type { Network } from "./network.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

export type { GroupEnd } from "./network-rules.ts";

/** A security group for everything that talks, and a rule of its own for each flow and direction (POL-SG-NO-OPEN). */
export class SecurityGroups extends pulumi.ComponentResource {
  private readonly ids = new Map<string, pulumi.Output<string>>();
  private readonly network: Network;

  constructor(name: string, args: { target: Target; network: Network }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:SecurityGroups", name, {}, opts);
    const { target, network } = args;
    this.network = network;
    for (const end of groupEnds(target)) {
      const groupName = physicalName(
        target,
        "securityGroup",
        ...("name" in end ? [end.name, end.kind] : ["all", end.kind]),
      );
      // Rules are resources of their own: a group alone lets nothing in or out.
      const group = new SecurityGroup(
        `${name}-${endName(end)}`,
        {
          name: groupName,
          description: `Connections of ${endName(end)}`,
          vpcId: network.vpcId,
          tags: componentTags("name" in end ? end.name : "network", { Name: groupName }),
        },
        { parent: this },
      );
      this.ids.set(endName(end), group.id);
    }
    for (const rule of groupRules(target)) {
      const Rule = rule.direction === "ingress" ? SecurityGroupIngressRule : SecurityGroupEgressRule;
      new Rule(
        `${name}-${ruleName(rule)}`,
        {
          securityGroupId: this.of(rule.group),
          ipProtocol: "tcp",
          fromPort: rule.port,
          toPort: rule.port,
          description: rule.description,
          ...this.peer(rule.peer),
          tags: componentTags("name" in rule.group ? rule.group.name : "network"),
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }

  /** The id of a group. */
  of(end: GroupEnd): pulumi.Output<string> {
    const id = this.ids.get(endName(end));
    if (id === undefined) throw new Error(`there is no security group for ${endName(end)}`);
    return id;
  }

  private peer(end: GroupRule["peer"]) {
    switch (end.kind) {
      case "internet":
        return { cidrIpv4: "0.0.0.0/0" };
      case "network":
        return { cidrIpv4: this.network.cidr };
      case "s3":
        return this.network.s3PrefixListId === undefined ? {} : { prefixListId: this.network.s3PrefixListId };
      case "cluster":
        return { referencedSecurityGroupId: end.name };
      default:
        return { referencedSecurityGroupId: this.of(end) };
    }
  }
}
