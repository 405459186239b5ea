import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { ofType, referrers } from "../workloads/references.ts";

const WEB_ACL = /^aws:wafv2\/webAcl:/;
const RULE_HOLDER = /^aws:wafv2\/(?:webAcl|ruleGroup):/;
const SINGLE_RULE = /^aws:wafv2\/webAclRule(?:GroupAssociation)?:/;
const LOGGING = /^aws:wafv2\/webAclLoggingConfiguration:/;

/** A firewall has rules, counts what they match and keeps a log. */
export const awsWaf = definePolicy({
  id: "POL-AWS-WAF",
  title: "Web ACLs have rules, metrics and logs",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["WAF.10", "WAF.12"], pci: ["6.4.2", "10.2.1"], soc2: ["CC6.6", "CC7.2"] },
  requirements: ["AR-SEC-13"],
  remediation: "Give the web ACL managed rules, metrics for each of its rules, and a logging configuration.",
  check(check, resource) {
    if (RULE_HOLDER.test(resource.type) || SINGLE_RULE.test(resource.type)) {
      checkMetrics(check, resource);
    }
  },
  checkStack(stack) {
    for (const acl of ofType(stack, WEB_ACL)) {
      const check = stack.check(acl);
      const rules = acl.properties.get("rules");
      const text = acl.properties.get("ruleJson");
      const beside = referrers(stack, acl, ["webAclArn"], SINGLE_RULE);
      if (check.known(rules) && check.known(text) && text.absent && rules.items().length + beside.length === 0) {
        check.object(rules, { expected: "at least one rule or rule group" });
      }
      if (referrers(stack, acl, ["resourceArn"], LOGGING).length === 0) {
        check.object(acl.properties, {
          found: "a web ACL without a log",
          expected: "a logging configuration of the web ACL",
          fix: "Add an aws:wafv2:WebAclLoggingConfiguration with the web ACL's ARN.",
        });
      }
    }
  },
  remediate(draft) {
    const holders = RULE_HOLDER.test(draft.type) ? [draft, ...draft.get("rules").items()] : [];
    for (const enabled of holders.map((holder) => holder.get("visibilityConfig", "cloudwatchMetricsEnabled"))) {
      if (textOf(enabled.value) === "false") {
        enabled.set(true);
      }
    }
  },
});

function checkMetrics(check: Check, { properties, type }: Resource): void {
  const holders = RULE_HOLDER.test(type) ? [properties, ...check.items(properties.get("rules"))] : [properties];
  for (const holder of holders) {
    const enabled = holder.get("visibilityConfig", "cloudwatchMetricsEnabled");
    // A rule group that is only attached counts under its own name.
    if (!type.includes("GroupAssociation")) {
      check.expect(enabled, (value) => textOf(value) === "true", { expected: "true" });
    }
  }
}
