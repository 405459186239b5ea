import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { copiesOf, ECS_SERVICE, isMultiple, replicatedOf } from "../workloads/copies.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { referenced } from "../workloads/references.ts";
import { SUBNET } from "../workloads/subnets.ts";

interface Parameters {
  minZones: number;
}

const ZONES = ["topology.kubernetes.io/zone", "failure-domain.beta.kubernetes.io/zone"];
const SUBNET_GROUP = /^aws:(?:rds|elasticache|docdb|memorydb|neptune)\/subnetGroup:/;

/** The loss of one data centre leaves copies elsewhere. */
export const spread = definePolicy<Parameters>({
  id: "POL-SPREAD",
  title: "Replicas and data nodes spread over zones",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2"] },
  requirements: ["RB-SEC-25"],
  remediation:
    "Add a topologySpreadConstraint over topology.kubernetes.io/zone; on AWS, name subnets of several zones.",
  parameters: {
    minZones: { type: "integer", minimum: 1, description: "Zones over which copies are spread.", default: 2 },
  },
  checkStack(stack, { minZones }) {
    for (const workload of replicatedOf(stack)) {
      const copies = copiesOf(stack, workload);
      if (!isMultiple(stack.check(copies.resource), copies)) {
        continue;
      }
      if (workload.type === ECS_SERVICE) {
        const subnets = workload.properties.get("networkConfiguration", "subnets");
        checkSubnets(stack, workload, subnets, minZones);
      } else if (minZones > 1 && !isDevelopment(workload)) {
        checkPod(stack, workload);
      }
    }
    for (const group of stack.resources.filter(({ type }) => SUBNET_GROUP.test(type))) {
      checkSubnets(stack, group, group.properties.get("subnetIds"), minZones);
    }
  },
});

function checkPod(stack: Stack, workload: StackResource): void {
  const check = stack.check(workload);
  const spec = podOf(workload)?.spec;
  if (spec === undefined || !check.known(spec)) {
    return;
  }
  const constraints = spec.get("topologySpreadConstraints");
  const apart = spec.get("affinity", "podAntiAffinity");
  const required = apart.get("requiredDuringSchedulingIgnoredDuringExecution");
  const preferred = apart.get("preferredDuringSchedulingIgnoredDuringExecution");
  const keys = [
    ...[constraints, required].flatMap((list) => check.items(list)).map((term) => term.get("topologyKey")),
    ...check.items(preferred).map((term) => term.get("podAffinityTerm", "topologyKey")),
  ];
  if (
    !keys.some(({ value }) => ZONES.includes(textOf(value))) &&
    keys.every((key) => check.known(key)) &&
    check.notEvaluated.length === 0
  ) {
    check.object(constraints, {
      found: constraints.absent ? "nothing" : "no spread over zones",
      expected: `a constraint or anti-affinity over ${ZONES[0]}`,
    });
  }
}

/** Subnets of the stack say their zone; of others only their number is known. */
function checkSubnets(stack: Stack, resource: StackResource, field: Field, minZones: number): void {
  const check = stack.check(resource);
  if (!check.known(field)) {
    return;
  }
  const [property = ""] = field.path.split(".", 1);
  const own = referenced(stack, resource, [property], SUBNET);
  const zones = own.map(({ properties }) => zoneOf(properties));
  const known = own.length > 0 && own.length >= field.items().length && zones.every((zone) => zone !== undefined);
  const count = known ? new Set(zones).size : field.items().length;
  if (count < minZones) {
    check.object(field, {
      found: `${count} ${known ? "zone" : "subnet"}${count === 1 ? "" : "s"}`,
      expected: `subnets in ${minZones} zones or more`,
    });
  }
}

function zoneOf(properties: Field): string | undefined {
  const names = ["availabilityZone", "availabilityZoneId"].map((key) => textOf(properties.get(key).value));
  return names.find((name) => name !== "");
}
