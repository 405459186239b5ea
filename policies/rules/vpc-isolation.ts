import type { Field } from "../frame/field.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { ofType, referrers } from "../workloads/references.ts";
import { DEFAULT_NETWORK, placementsOf, publicSubnetsOf } from "../workloads/subnets.ts";

interface Parameters {
  minZones: number;
}

const FLOW_LOG = /^aws:ec2\/flowLog:/;
const VPC = /^aws:ec2\/vpc:/;

/** Kinds that live in the account's default network when they name none of their own. */
const NETWORKED: readonly { type: RegExp; path: readonly string[] }[] = [
  { type: /^aws:rds\/cluster:/, path: ["dbSubnetGroupName"] },
  { type: /^aws:docdb\/cluster:/, path: ["dbSubnetGroupName"] },
];

/** The stack has a network of its own, in which work and data are out of the internet's sight and traffic is recorded. */
export const vpcIsolation = definePolicy<Parameters>({
  id: "POL-VPC-ISOLATION",
  title: "Own VPC, private subnets, flow logs",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["EC2.6", "RDS.46"], pci: ["1.4.1", "10.2.1"], soc2: ["CC6.6", "CC7.2"] },
  requirements: ["RB-SEC-12"],
  remediation: "Place tasks and data stores in private subnets of the stack's own VPC and attach a flow log to it.",
  parameters: {
    minZones: { type: "integer", minimum: 1, description: "Zones over which subnets are spread.", default: 2 },
  },
  check(check, resource) {
    const { type, properties } = resource;
    if (DEFAULT_NETWORK.test(type)) {
      check.object(properties, { found: "the account's default network", expected: "a VPC of the stack's own" });
    }
    for (const { path } of NETWORKED.filter((kind) => kind.type.test(type))) {
      expectNamed(properties.get(...path), "a subnet group of the stack's own VPC");
    }
    // A replica lives where its source does, and a restored instance may, too.
    if (type.startsWith("aws:rds/instance:") && properties.get("replicateSourceDb").absent) {
      expectNamed(properties.get("dbSubnetGroupName"), "a subnet group of the stack's own VPC");
    }
    if (FLOW_LOG.test(type)) {
      check.expect(properties.get("trafficType"), (value) => ["", "ALL", "REJECT"].includes(textOf(value)), {
        expected: "ALL, or REJECT at least",
        fix: "Record all traffic, or at least what is refused.",
      });
    }

    function expectNamed(field: Field, expected: string): void {
      check.expect(field, (value) => !["", "default"].includes(textOf(value)), { expected });
    }
  },
  checkStack(stack, { minZones }) {
    ofType(stack, VPC).forEach((vpc) => checkFlowLog(stack, vpc));
    const open = publicSubnetsOf(stack);
    for (const { resource, place, subnets } of placementsOf(stack)) {
      const field = resource.properties.get(place.subnets[0] ?? "");
      const exposed = subnets.filter((subnet) => open.has(subnet)).map(({ name }) => name);
      if (exposed.length > 0) {
        stack.check(resource).object(field, {
          found: `the public subnets ${exposed.join(", ")}`,
          expected: "private subnets",
        });
      }
      const zones = zonesOf(subnets);
      if (subnets.length > 0 && zones !== undefined && zones < minZones && !place.subnets.includes("subnetId")) {
        stack.check(resource).object(field, {
          found: `subnets in ${String(zones)} zone${zones === 1 ? "" : "s"}`,
          expected: `subnets in at least ${String(minZones)} zones`,
          fix: "Name a subnet of each zone.",
        });
      }
    }
  },
});

function checkFlowLog(stack: Stack, vpc: StackResource): void {
  if (referrers(stack, vpc, ["vpcId"], FLOW_LOG).length === 0) {
    stack.check(vpc).object(vpc.properties, {
      found: "a VPC without a flow log",
      expected: "a flow log of the VPC",
      fix: "Add an aws:ec2:FlowLog with the VPC's id.",
    });
  }
}

/** How many zones the subnets are in; undefined when one does not say which. */
function zonesOf(subnets: readonly StackResource[]): number | undefined {
  const zones = subnets.map(({ properties }) => {
    return textOf(properties.get("availabilityZone").value) || textOf(properties.get("availabilityZoneId").value);
  });
  return zones.includes("") ? undefined : new Set(zones).size;
}
