import { LogResourcePolicy } from "@pulumi/aws/cloudwatch/logResourcePolicy.js";
import type { wafv2 } from "@pulumi/aws/types/input.js";
import { WebAcl } from "@pulumi/aws/wafv2/webAcl.js";
import { WebAclAssociation } from "@pulumi/aws/wafv2/webAclAssociation.js";
import { WebAclLoggingConfiguration } from "@pulumi/aws/wafv2/webAclLoggingConfiguration.js";
import * as pulumi from "@pulumi/pulumi";

import { arn } from "./arns.ts";
import { logGroupArn, platformLogGroup } from "./logs.ts";
import { physicalName } from "./names.ts";
import { policyDocument } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** AWS's own sets of rules, from the cheapest to the dearest to ask. */
const managedRules = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesKnownBadInputsRuleSet",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesSQLiRuleSet",
] as const;

/**
 * How many requests one address may send in a minute before it is refused for a while. No requirement states a number
 * for the edge; it is the one that POL-RATE-LIMIT proposes where none is given.
 */
const requestsPerMinute = 100;

/** What a firewall is made with. */
export interface FirewallArgs {
  target: Target;
  /** The load balancer before which it stands. */
  resourceArn: pulumi.Input<string>;
}

/** The rules in the order in which they are asked, each with metrics (WAF.12). */
export function firewallRules(): wafv2.WebAclRule[] {
  return [
    {
      name: "rate",
      priority: 0,
      action: { block: {} },
      statement: {
        rateBasedStatement: { aggregateKeyType: "IP", limit: requestsPerMinute, evaluationWindowSec: 60 },
      },
      visibilityConfig: visibility("rate"),
    },
    ...managedRules.map((name, index) => ({
      name,
      priority: index + 1,
      overrideAction: { none: {} },
      statement: { managedRuleGroupStatement: { vendorName: "AWS", name } },
      visibilityConfig: visibility(name),
    })),
  ];
}

/**
 * A web application firewall (POL-WAF, POL-RATE-LIMIT). What it refuses is logged without credentials; what it lets
 * through is in the load balancer's own log. The log group "waf" must exist before: name it in `dependsOn`.
 */
export class Firewall extends pulumi.ComponentResource {
  constructor(name: string, args: FirewallArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Firewall", name, {}, opts);
    const { target, resourceArn } = args;
    const aclName = physicalName(target, "webAcl", "edge");
    const acl = new WebAcl(
      `${name}-acl`,
      {
        name: aclName,
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules: firewallRules(),
        visibilityConfig: visibility(aclName),
        tags: componentTags("edge"),
      },
      { parent: this },
    );
    new WebAclAssociation(`${name}-association`, { resourceArn, webAclArn: acl.arn }, { parent: this });

    const group = logGroupArn(target, platformLogGroup(target, "waf"));
    const delivery = new LogResourcePolicy(
      `${name}-delivery`,
      {
        policyName: physicalName(target, "logPolicy", "waf"),
        policyDocument: policyDocument({
          sid: "Deliver",
          principal: { services: ["delivery.logs.amazonaws.com"] },
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${group}:log-stream:*`],
          conditions: {
            ArnLike: { "aws:SourceArn": arn(target.aws, "logs", "*") },
            StringEquals: { "aws:SourceAccount": target.aws.accountId },
          },
        }),
      },
      { parent: this },
    );
    new WebAclLoggingConfiguration(
      `${name}-logging`,
      {
        resourceArn: acl.arn,
        logDestinationConfigs: [group],
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT"].map((action) => ({ actionCondition: { action } })),
            },
          ],
        },
        redactedFields: ["authorization", "cookie"].map((header) => ({ singleHeader: { name: header } })),
      },
      { parent: this, dependsOn: [delivery] },
    );
    this.registerOutputs({});
  }
}

function visibility(metricName: string): wafv2.WebAclVisibilityConfig {
  return { metricName, cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
}
