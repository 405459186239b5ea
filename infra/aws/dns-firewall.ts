import { ResolverFirewallConfig } from "@pulumi/aws/route53/resolverFirewallConfig.js";
import { ResolverFirewallDomainList } from "@pulumi/aws/route53/resolverFirewallDomainList.js";
import { ResolverFirewallRule } from "@pulumi/aws/route53/resolverFirewallRule.js";
import { ResolverFirewallRuleGroup } from "@pulumi/aws/route53/resolverFirewallRuleGroup.js";
import { ResolverFirewallRuleGroupAssociation } from "@pulumi/aws/route53/resolverFirewallRuleGroupAssociation.js";
import * as pulumi from "@pulumi/pulumi";

import { physicalName } from "./names.ts";
import { allowedNames } from "./network-hosts.ts";
import type { Network } from "./network.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Between the priorities that AWS keeps for Firewall Manager at either end. */
const associationPriority = 1000;

/**
 * Names that nobody needs are not found (WS-NET-06). Security groups let a workload reach either no address outside
 * or any at port 443; this keeps it to the names that the specification allows, for all workloads together.
 *
 * Nothing in an existing network, whose other users ask for names of their own.
 */
export class DnsFirewall extends pulumi.ComponentResource {
  constructor(name: string, args: { target: Target; network: Network }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:DnsFirewall", name, {}, opts);
    const { target, network } = args;
    if (!("vpcId" in target.aws.network)) this.create(name, target, network);
    this.registerOutputs({});
  }

  private create(name: string, target: Target, network: Network): void {
    const tags = componentTags("network");
    const rules = new ResolverFirewallRuleGroup(
      `${name}-rules`,
      { name: physicalName(target, "firewall", "names", "rules"), tags },
      { parent: this },
    );
    const domains = (kind: "allowed" | "all", list: string[]) =>
      new ResolverFirewallDomainList(
        `${name}-${kind}`,
        { name: physicalName(target, "firewall", "names", kind), domains: list, tags },
        { parent: this },
      );
    const allow = new ResolverFirewallRule(
      `${name}-allow`,
      {
        name: "allow",
        firewallRuleGroupId: rules.id,
        firewallDomainListId: domains("allowed", allowedNames(target)).id,
        priority: 100,
        action: "ALLOW",
        // Where an allowed name leads, such as a content delivery network, is its owner's choice.
        firewallDomainRedirectionAction: "TRUST_REDIRECTION_DOMAIN",
      },
      { parent: this },
    );
    const block = new ResolverFirewallRule(
      `${name}-block`,
      {
        name: "block",
        firewallRuleGroupId: rules.id,
        firewallDomainListId: domains("all", ["*"]).id,
        priority: 200,
        action: "BLOCK",
        blockResponse: "NODATA",
      },
      { parent: this },
    );
    new ResolverFirewallRuleGroupAssociation(
      `${name}-association`,
      {
        name: physicalName(target, "firewall", "names", "association"),
        firewallRuleGroupId: rules.id,
        vpcId: network.vpcId,
        priority: associationPriority,
        mutationProtection: target.settings.profile.protect ? "ENABLED" : "DISABLED",
        tags,
      },
      { parent: this, dependsOn: [allow, block] },
    );
    new ResolverFirewallConfig(
      `${name}-config`,
      { resourceId: network.vpcId, firewallFailOpen: "DISABLED" },
      { parent: this },
    );
  }
}
