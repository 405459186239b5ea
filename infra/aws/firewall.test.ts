import assert from "node:assert/strict";

import { find, record } from "../testing/record.ts";
import { Firewall, firewallRules } from "./firewall.ts";
import { account, shopTarget } from "./testing/shop.ts";

const create = () =>
  record(() => {
    new Firewall("firewall", { target: shopTarget(), resourceArn: "balancer-arn" }, {});
  });

describe("The firewall", () => {
  it("asks for the number of requests first, then AWS's own rules, and measures each", () => {
    const rules = firewallRules();
    assert.deepEqual(
      rules.map(({ name, priority }) => [name, priority]),
      [
        ["rate", 0],
        ["AWSManagedRulesAmazonIpReputationList", 1],
        ["AWSManagedRulesKnownBadInputsRuleSet", 2],
        ["AWSManagedRulesCommonRuleSet", 3],
        ["AWSManagedRulesSQLiRuleSet", 4],
      ],
    );
    assert.deepEqual(rules[0]?.statement, {
      rateBasedStatement: { aggregateKeyType: "IP", limit: 100, evaluationWindowSec: 60 },
    });
    for (const { name, visibilityConfig } of rules) {
      assert.deepEqual(visibilityConfig, {
        metricName: name,
        cloudwatchMetricsEnabled: true,
        sampledRequestsEnabled: true,
      });
    }
  });

  it("stands before the load balancer", async () => {
    const resources = await create();
    const acl = find(resources, "aws:wafv2/webAcl:WebAcl", "firewall-acl").inputs;
    assert.deepEqual([acl["name"], acl["scope"], acl["defaultAction"]], ["shop-test-edge", "REGIONAL", { allow: {} }]);
    assert.deepEqual(find(resources, "aws:wafv2/webAclAssociation:WebAclAssociation", "firewall-association").inputs, {
      resourceArn: "balancer-arn",
      webAclArn: "firewall-acl-arn",
    });
  });

  it("logs what it refuses, without credentials, once AWS may deliver logs", async () => {
    const resources = await create();
    const group = `arn:aws:logs:eu-central-1:${account}:log-group:aws-waf-logs-shop/test/platform/waf`;
    const type = "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration";
    const logging = find(resources, type, "firewall-logging");
    assert.deepEqual(logging.inputs, {
      resourceArn: "firewall-acl-arn",
      logDestinationConfigs: [group],
      loggingFilter: {
        defaultBehavior: "DROP",
        filters: [
          {
            behavior: "KEEP",
            requirement: "MEETS_ANY",
            conditions: [{ actionCondition: { action: "BLOCK" } }, { actionCondition: { action: "COUNT" } }],
          },
        ],
      },
      redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
    });
    assert.deepEqual(logging.dependencies, ["firewall-acl", "firewall-delivery"]);
    const delivery = find(resources, "aws:cloudwatch/logResourcePolicy:LogResourcePolicy", "firewall-delivery").inputs;
    assert.equal(delivery["policyName"], "shop-test-waf");
    assert.deepEqual(JSON.parse(String(delivery["policyDocument"])), {
      Version: "2012-10-17",
      Statement: [
        {
          Sid: "Deliver",
          Effect: "Allow",
          Principal: { Service: ["delivery.logs.amazonaws.com"] },
          Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
          Resource: [`${group}:log-stream:*`],
          Condition: {
            ArnLike: { "aws:SourceArn": `arn:aws:logs:eu-central-1:${account}:*` },
            StringEquals: { "aws:SourceAccount": account },
          },
        },
      ],
    });
  });
});
