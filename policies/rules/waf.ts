import type { Field } from "../frame/field.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { DISTRIBUTION } from "../workloads/distributions.ts";
import { firewallRulesOf, hasForeignWebAcl, webAclsOf } from "../workloads/firewalls.ts";
import { annotation, isIngress } from "../workloads/ingresses.ts";
import { balancerKind, facesInternet, LOAD_BALANCER } from "../workloads/load-balancers.ts";
import { ofType } from "../workloads/references.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  systems: string[];
}

const API_STAGE = /^aws:apigateway\/stage:/;
const GRAPHQL_API = /^aws:appsync\/graphQLApi:/;
const FIREWALL_ANNOTATIONS = [
  "nginx.ingress.kubernetes.io/enable-modsecurity",
  "nginx.ingress.kubernetes.io/enable-owasp-core-rules",
];

/** A firewall with rules that AWS keeps up to date stands before whatever the internet reaches. */
export const waf = definePolicy<Parameters>({
  id: "POL-WAF",
  title: "WAF attached to every public entry",
  severity: "high",
  level: "advisory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["CloudFront.6"], pci: ["6.4.2"], soc2: ["CC6.6"] },
  requirements: ["AR-SEC-13"],
  remediation:
    "Associate a WAFv2 web ACL with AWS's managed rules with the entry, or turn the controller's firewall on.",
  parameters: {
    systems: {
      type: "array",
      items: { type: "string" },
      description:
        "Systems whose Ingress has a firewall too, in its controller or in a CloudFront distribution before it.",
      default: ["archesai"],
    },
  },
  checkStack(stack, { systems }) {
    const balancers = ofType(stack, LOAD_BALANCER).filter(
      (one) => facesInternet(one) && balancerKind(one) === "application",
    );
    const distributions = ofType(stack, DISTRIBUTION);
    const entries = [...balancers, ...distributions, ...ofType(stack, API_STAGE), ...ofType(stack, GRAPHQL_API)];
    entries.forEach((entry) => checkEntry(stack, entry));
    for (const ingress of stack.resources.filter(isIngress)) {
      if (systems.includes(systemOf(ingress) ?? "") && distributions.length === 0) {
        checkIngress(stack, ingress);
      }
    }
  },
});

function checkEntry(stack: Stack, entry: StackResource): void {
  const check = stack.check(entry);
  const acls = webAclsOf(stack, entry);
  if (acls.length === 0 && !hasForeignWebAcl(stack, entry)) {
    check.object(DISTRIBUTION.test(entry.type) ? entry.properties.get("webAclId") : entry.properties, {
      found: "a public entry without a web ACL",
      expected: "an association with a web ACL",
    });
  }
  for (const acl of acls) {
    const rules = acl.properties.get("rules");
    const managed = firewallRulesOf(stack.check(acl), acl).some(isManaged);
    if (!managed && !rules.unknown && acl.properties.get("ruleJson").absent) {
      stack.check(acl).object(rules, { found: "no managed rules", expected: "a group of AWS's managed rules" });
    }
  }
}

function isManaged(rule: Field): boolean {
  return !rule.get("statement", "managedRuleGroupStatement").absent;
}

function checkIngress(stack: Stack, ingress: StackResource): void {
  const acl = annotation(ingress, "alb.ingress.kubernetes.io/wafv2-acl-arn");
  for (const name of acl.absent ? FIREWALL_ANNOTATIONS : []) {
    stack.check(ingress).expect(annotation(ingress, name), (value) => textOf(value) === "true", { expected: "true" });
  }
}
