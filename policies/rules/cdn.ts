import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { namesOf } from "../workloads/components.ts";
import { behavioursOf, DISTRIBUTION, isBucketAddress, originsOf } from "../workloads/distributions.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { ofType } from "../workloads/references.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  systems: Readonly<Record<string, { component: string; path: string }>>;
}

const ECS_SERVICE = /^aws:ecs\/service:/;

/** What never changes is served from near the reader, and only from there. */
export const cdn = definePolicy<Parameters>({
  id: "POL-CDN",
  title: "CDN in front of static content",
  severity: "low",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["EB-SEC-14", "AR-SEC-28", "RB-SEC-16"],
  remediation: "Add a CloudFront distribution with a cache policy and access control for the static content.",
  parameters: {
    systems: {
      type: "object",
      description:
        "Systems with static content: the component whose presence asks for a CDN, and the path that it caches.",
      default: {
        archesai: { component: "platform", path: "/static" },
        "ecommerce-bot": { component: "webhook", path: "" },
        "retail-brain": { component: "dashboard", path: "" },
      },
    },
  },
  check(check, resource) {
    if (!DISTRIBUTION.test(resource.type)) {
      return;
    }
    for (const behaviour of behavioursOf(check, resource)) {
      checkBehaviour(check, behaviour);
    }
    for (const origin of originsOf(check, resource).filter((one) => isBucketAddress(one.get("domainName").value))) {
      check.expect(origin.get("originAccessControlId"), (value) => textOf(value) !== "", {
        expected: "an origin access control: nobody reads the bucket past the CDN",
      });
    }
    check.expect(resource.properties.get("enabled"), (value) => textOf(value) !== "false", { expected: "true" });
  },
  checkStack(stack, { systems }) {
    const distributions = ofType(stack, DISTRIBUTION);
    for (const workload of stack.resources.filter((one) => podOf(one) !== undefined || ECS_SERVICE.test(one.type))) {
      const wanted = systems[systemOf(workload) ?? ""];
      if (wanted !== undefined && namesOf(workload).includes(wanted.component)) {
        checkPresence(stack, workload, distributions, wanted.path);
      }
    }
  },
});

/** Values of the first version of the API, or a policy of today's. */
function checkBehaviour(check: Check, behaviour: Field): void {
  check.expect(behaviour.get("viewerProtocolPolicy"), (value) => /https/.test(textOf(value)), {
    expected: "redirect-to-https or https-only",
  });
  const policy = behaviour.get("cachePolicyId");
  if (behaviour.get("forwardedValues").absent) {
    check.expect(policy, (value) => textOf(value) !== "", { expected: "a cache policy" });
  }
}

function checkPresence(
  stack: Stack,
  workload: StackResource,
  distributions: readonly StackResource[],
  path: string,
): void {
  const cached = distributions.filter(({ properties }) => {
    const patterns = properties.get("orderedCacheBehaviors");
    const named = patterns
      .items()
      .some((one) => one.get("pathPattern").unknown || textOf(one.get("pathPattern").value).startsWith(path));
    return path === "" || patterns.unknown || named;
  });
  if (cached.length === 0) {
    stack.check(workload).object(workload.properties, {
      found: distributions.length === 0 ? "static content without a CDN" : `no behaviour for ${path}`,
      expected: path === "" ? "a CloudFront distribution" : `a CloudFront distribution that caches ${path}`,
    });
  }
}
