import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { DISTRIBUTION } from "../workloads/distributions.ts";
import { firewallRulesOf, hasForeignWebAcl, webAclsOf } from "../workloads/firewalls.ts";
import { isIngress } from "../workloads/ingresses.ts";
import { facesInternet, LOAD_BALANCER } from "../workloads/load-balancers.ts";
import { ofType, referrers } from "../workloads/references.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  shieldAdvanced: boolean;
  behindCdn: string[];
}

const PROTECTION = /^aws:shield\/protection:/;

/** A flood of requests meets something that is built for it before it meets the system. */
export const ddos = definePolicy<Parameters>({
  id: "POL-DDOS",
  title: "DDoS protection declared",
  severity: "medium",
  level: "advisory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2", "CC6.6"] },
  requirements: ["AR-SEC-14"],
  remediation: "Put CloudFront with a rate rule before the entry, or protect it with Shield Advanced.",
  parameters: {
    shieldAdvanced: {
      type: "boolean",
      description: "Every public entry has a protection of Shield Advanced, which costs extra.",
      default: false,
    },
    behindCdn: {
      type: "array",
      items: { type: "string" },
      description: "Systems whose entries stand behind CloudFront unless Shield Advanced protects them.",
      default: ["archesai"],
    },
  },
  checkStack(stack, { shieldAdvanced, behindCdn }) {
    const distributions = ofType(stack, DISTRIBUTION);
    const balancers = ofType(stack, LOAD_BALANCER).filter(facesInternet);
    const unprotected = [...distributions, ...balancers].filter(
      (entry) => referrers(stack, entry, ["resourceArn"], PROTECTION).length === 0,
    );
    for (const entry of unprotected) {
      if (shieldAdvanced) {
        report(stack, entry, "no protection of Shield Advanced", "an aws:shield:Protection of the entry");
      } else if (
        !DISTRIBUTION.test(entry.type) &&
        distributions.length === 0 &&
        behindCdn.includes(systemOf(entry) ?? "")
      ) {
        report(stack, entry, "an entry without a CDN before it", "a CloudFront distribution before the entry");
      } else if (!slowsDown(stack, entry)) {
        report(stack, entry, "no rule that slows a flood down", "a web ACL with a rate-based rule");
      }
    }
    const ingresses = stack.resources.filter((one) => isIngress(one) && behindCdn.includes(systemOf(one) ?? ""));
    for (const ingress of distributions.length === 0 ? ingresses : []) {
      report(stack, ingress, "an Ingress without a CDN before it", "a CloudFront distribution before the entry");
    }
  },
});

/** Network load balancers cannot have a firewall; Shield Standard is all that guards them. */
function slowsDown(stack: Stack, entry: StackResource): boolean {
  const acls = webAclsOf(stack, entry);
  const kind = textOf(entry.properties.get("loadBalancerType").value);
  return (
    (LOAD_BALANCER.test(entry.type) && !["", "application"].includes(kind)) ||
    (acls.length === 0 && hasForeignWebAcl(stack, entry)) ||
    acls.some(
      (acl) =>
        acl.properties.get("rules").unknown ||
        firewallRulesOf(stack.check(acl), acl).some((rule) => !rule.get("statement", "rateBasedStatement").absent),
    )
  );
}

function report(stack: Stack, entry: StackResource, found: string, expected: string): void {
  stack.check(entry).object(entry.properties, { found, expected });
}
