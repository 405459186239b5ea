import type { Check, Resource } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { referenced, referrers } from "./references.ts";

export const WEB_ACL = /^aws:wafv2\/webAcl:/;
export const WEB_ACL_ASSOCIATION = /^aws:wafv2\/webAclAssociation:/;
const RULE_HOLDER = /^aws:wafv2\/(?:webAcl|ruleGroup):/;
const SINGLE_RULE = /^aws:wafv2\/webAclRule:/;

/** The rules that a web ACL or a group of rules holds, or the one that a resource is. */
export function firewallRulesOf(check: Check, { type, properties }: Resource): Field[] {
  if (SINGLE_RULE.test(type)) {
    return [properties];
  }
  return RULE_HOLDER.test(type) ? check.items(properties.get("rules")) : [];
}

/** The rules that count requests of an address. */
export function rateRulesOf(check: Check, resource: Resource): Field[] {
  return firewallRulesOf(check, resource).filter((rule) => !rule.get("statement", "rateBasedStatement").absent);
}

/** The web ACLs of the stack before an entry: those that are associated with it, and the one that it names itself. */
export function webAclsOf(stack: Stack, entry: StackResource): StackResource[] {
  const associated = referrers(stack, entry, ["resourceArn"], WEB_ACL_ASSOCIATION).flatMap((association) =>
    referenced(stack, association, ["webAclArn"], WEB_ACL),
  );
  return [...associated, ...referenced(stack, entry, ["webAclId"], WEB_ACL)];
}

/** Whether a web ACL of another stack stands before an entry. */
export function hasForeignWebAcl(stack: Stack, entry: StackResource): boolean {
  return (
    referrers(stack, entry, ["resourceArn"], WEB_ACL_ASSOCIATION).length > 0 || !entry.properties.get("webAclId").absent
  );
}
