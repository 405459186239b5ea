import type { Field } from "../frame/field.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { balancerKind, CLASSIC_LOAD_BALANCER, LOAD_BALANCER } from "../workloads/load-balancers.ts";

const DESYNC = ["defensive", "strictest"];

interface Parameters {
  minZones: number;
}

/** What AWS asks of load balancers beside certificates, logs and health checks. */
export const awsElb = definePolicy<Parameters>({
  id: "POL-AWS-ELB",
  title: "Load balancers refuse malformed requests and span zones",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["ELB.4", "ELB.12", "ELB.13"], soc2: ["A1.2"] },
  requirements: ["EB-SEC-15", "AR-SEC-05", "RB-SEC-24"],
  remediation: "Drop invalid headers, keep the defensive desync mode, and name subnets of several zones.",
  parameters: {
    minZones: { type: "integer", minimum: 1, description: "Subnets, each of another zone.", default: 2 },
  },
  check(check, resource, { minZones }) {
    const { type, properties } = resource;
    const classic = CLASSIC_LOAD_BALANCER.test(type);
    if (!classic && !LOAD_BALANCER.test(type)) {
      return;
    }
    if (!check.known(properties.get("loadBalancerType"))) {
      return;
    }
    if (classic || balancerKind(resource) === "application") {
      check.expect(properties.get("desyncMitigationMode"), (value) => DESYNC.includes(textOf(value ?? "defensive")), {
        expected: DESYNC.join(" or "),
      });
    }
    if (!classic && balancerKind(resource) === "application") {
      check.expect(properties.get("dropInvalidHeaderFields"), (value) => textOf(value) === "true", {
        expected: "true",
      });
    }
    const lists = ["subnets", "subnetMappings", "availabilityZones"].map((key) => properties.get(key));
    const places = lists.find((list) => !list.absent) ?? properties.get("subnets");
    check.expect(places, () => distinct(places) >= minZones, {
      found: `${String(distinct(places))} of them`,
      expected: `at least ${String(minZones)}, each of another zone`,
    });
  },
  remediate(draft) {
    if (LOAD_BALANCER.test(draft.type) && ["", "application"].includes(textOf(draft.get("loadBalancerType").value))) {
      draft.get("dropInvalidHeaderFields").set(true);
      const mode = draft.get("desyncMitigationMode");
      if (!mode.absent && !mode.unknown && !DESYNC.includes(textOf(mode.value))) {
        mode.set("defensive");
      }
    }
  },
});

/** Subnets that are named twice count once; each that is not known yet counts. */
function distinct(list: Field): number {
  const items = list.items();
  const known = items.filter(({ unknown, value }) => !unknown && typeof value === "string");
  return items.length - known.length + new Set(known.map(({ value }) => value)).size;
}
