import { definePolicy } from "../frame/policy.ts";
import { textOf } from "../frame/field.ts";
import { placementsOf, publicSubnetsOf } from "../workloads/subnets.ts";

/** Where each kind of resource says whether it is given a public address; absent means that it is not. */
const PUBLIC_SWITCHES: readonly { type: RegExp; path: readonly string[] }[] = [
  { type: /^aws:ecs\/(?:service|taskSet):/, path: ["networkConfiguration", "assignPublicIp"] },
  { type: /^aws:rds\/(?:instance|clusterInstance):/, path: ["publiclyAccessible"] },
  { type: /^aws:(?:neptune\/clusterInstance|mq\/broker|dms\/replicationInstance):/, path: ["publiclyAccessible"] },
  { type: /^aws:redshift\/cluster:/, path: ["publiclyAccessible"] },
  { type: /^aws:redshiftserverless\/workgroup:/, path: ["publiclyAccessible"] },
];

const CACHE = /^aws:elasticache\/(?:replicationGroup|cluster):/;

/** Data stores and tasks have private addresses alone. */
export const privateData = definePolicy({
  id: "POL-PRIVATE-DATA",
  title: "Data stores and tasks are private",
  severity: "critical",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["ECS.2", "ECS.16", "RDS.2", "RDS.46", "EFS.6", "ElastiCache.7"],
    pci: ["1.4.4"],
    soc2: ["CC6.6"],
  },
  requirements: ["CC-SEC-13", "RB-SEC-01", "RB-SEC-12"],
  remediation: "Leave out public addresses and use subnets whose routes do not lead to an internet gateway.",
  check(check, { type, properties }) {
    for (const { path } of PUBLIC_SWITCHES.filter((place) => place.type.test(type))) {
      check.expect(properties.get(...path), (value) => !/^(?:true|enabled)$/i.test(textOf(value)), {
        expected: "false: no public address",
      });
    }
    const member = type.includes("/cluster:") && !properties.get("replicationGroupId").absent;
    if (CACHE.test(type) && !member) {
      check.expect(properties.get("subnetGroupName"), (value) => !["", "default"].includes(textOf(value)), {
        expected: "a subnet group of its own, of private subnets",
        fix: "Name a subnet group of private subnets.",
      });
    }
  },
  checkStack(stack) {
    const open = publicSubnetsOf(stack);
    for (const { resource, place, subnets } of placementsOf(stack).filter(({ place: { data } }) => data)) {
      const exposed = subnets.filter((subnet) => open.has(subnet)).map(({ name }) => name);
      if (exposed.length > 0) {
        stack.check(resource).object(resource.properties.get(place.subnets[0] ?? ""), {
          found: `the public subnets ${exposed.join(", ")}`,
          expected: "subnets without a route to an internet gateway",
        });
      }
    }
  },
  remediate(draft) {
    for (const { path } of PUBLIC_SWITCHES.filter((place) => place.type.test(draft.type))) {
      if (/^(?:true|enabled)$/i.test(textOf(draft.get(...path).value))) {
        draft.get(...path).set(false);
      }
    }
  },
});
