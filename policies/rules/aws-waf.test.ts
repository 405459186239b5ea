import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { aws, managedRule, rateRule, webAcl } from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { awsWaf } from "./aws-waf.ts";

const POLICY = "aws-waf";
const log = aws("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", {}, "log", { resourceArn: [webAcl()] });
const silent = { cloudwatchMetricsEnabled: false, metricName: "silent", sampledRequestsEnabled: true };

describe("POL-AWS-WAF (AR-SEC-13)", () => {
  it("wants metrics of a web ACL or rule group and of each rule", async () => {
    assert.deepEqual(await verdict(POLICY, webAcl()), []);
    for (const type of ["wafv2/webAcl:WebAcl", "wafv2/ruleGroup:RuleGroup"]) {
      const holder = aws(type, {
        visibilityConfig: silent,
        rules: [managedRule, { ...rateRule, visibilityConfig: silent }],
      });
      assert.deepEqual(await verdict(POLICY, holder), [
        "mandatory visibilityConfig.cloudwatchMetricsEnabled: false",
        "mandatory rules[1].visibilityConfig.cloudwatchMetricsEnabled: false",
      ]);
      assert.deepEqual(verdictRemediated(awsWaf, holder), { verdict: [], idempotent: true });
    }
    assert.deepEqual(await verdict(POLICY, webAcl({ rules: UNKNOWN, visibilityConfig: undefined })), [
      "mandatory visibilityConfig.cloudwatchMetricsEnabled: nothing",
      "advisory not evaluated: rules",
    ]);
  });

  it("leaves alone what is counted, unknown or no firewall", () => {
    for (const resource of [
      webAcl(),
      webAcl({ visibilityConfig: { cloudwatchMetricsEnabled: UNKNOWN } }),
      webAcl({ visibilityConfig: undefined }),
      aws("ec2/vpc:Vpc", { visibilityConfig: silent }),
    ]) {
      assert.deepEqual(remediated(awsWaf, resource), resource);
    }
  });

  it("wants metrics of rules that are resources of their own, not of groups that are only attached", async () => {
    assert.deepEqual(await verdict(POLICY, aws("wafv2/webAclRule:WebAclRule", { visibilityConfig: silent })), [
      "mandatory visibilityConfig.cloudwatchMetricsEnabled: false",
    ]);
    assert.deepEqual(await verdict(POLICY, aws("wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation")), []);
  });

  it("wants rules, within the web ACL, as text, or beside it", async () => {
    const empty = webAcl({ rules: undefined });
    assert.deepEqual(await stackVerdict(POLICY, [webAcl(), log]), []);
    assert.deepEqual(await stackVerdict(POLICY, [empty, log]), ["mandatory rules: nothing"]);
    assert.deepEqual(await stackVerdict(POLICY, [webAcl({ rules: [] }), log]), ["mandatory rules: []"]);
    assert.deepEqual(await stackVerdict(POLICY, [webAcl({ rules: undefined, ruleJson: "[{}]" }), log]), []);
    assert.deepEqual(await stackVerdict(POLICY, [webAcl({ rules: undefined, ruleJson: UNKNOWN }), log]), [
      "advisory not evaluated: ruleJson",
    ]);
    for (const type of ["wafv2/webAclRule:WebAclRule", "wafv2/webAclRuleGroupAssociation:WebAclRuleGroupAssociation"]) {
      const beside = aws(type, rateRule, "beside", { webAclArn: [empty] });
      assert.deepEqual(await stackVerdict(POLICY, [empty, log, beside]), []);
      const elsewhere = aws(type, { ...rateRule, webAclArn: "arn:other" }, "beside");
      assert.deepEqual(await stackVerdict(POLICY, [empty, log, elsewhere]), ["mandatory rules: nothing"]);
    }
  });

  it("wants a log", async () => {
    const missing = ["mandatory the resource itself: a web ACL without a log"];
    assert.deepEqual(await stackVerdict(POLICY, [webAcl()]), missing);
    const other = aws("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", { resourceArn: "arn:other" });
    assert.deepEqual(await stackVerdict(POLICY, [webAcl(), other]), missing);
    const known = webAcl({ arn: "arn:own" });
    const byArn = aws("wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration", { resourceArn: "arn:own" });
    assert.deepEqual(await stackVerdict(POLICY, [known, byArn]), []);
  });
});
