import { Check } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { CLASSIC_LOAD_BALANCER, LOAD_BALANCER } from "../workloads/load-balancers.ts";
import { ofType, referenced, referrers } from "../workloads/references.ts";
import {
  hasPorts,
  isWorld,
  portsOf,
  SECURITY_GROUP,
  SECURITY_GROUP_RULE,
  securityRulesOf,
  type SecurityRule,
} from "../workloads/security-groups.ts";

interface Parameters {
  publicPorts: number[];
  highRiskPorts: number[];
}

/** Where resources name the security groups that they are in. */
const MEMBERSHIP = [
  "securityGroups",
  "securityGroupIds",
  "vpcSecurityGroupIds",
  "networkConfiguration",
  "vpcConfig",
  "networkInterfaces",
];

/** The internet reaches load balancers on the ports of the web, and nothing else. */
export const sgNoOpen = definePolicy<Parameters>({
  id: "POL-SG-NO-OPEN",
  title: "No open security groups",
  severity: "critical",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["EC2.18", "EC2.19"], pci: ["1.3.1", "1.4.2"], soc2: ["CC6.6"] },
  requirements: ["EB-SEC-19", "RB-SEC-09"],
  remediation: "Name the security group that may connect, and its port; only load balancers are open to the internet.",
  parameters: {
    publicPorts: {
      type: "array",
      items: { type: "integer" },
      description: "Ports that load balancers may open to the internet.",
      default: [80, 443],
    },
    highRiskPorts: {
      type: "array",
      items: { type: "integer" },
      description: "Ports that are never open to the internet, even if they are named as public.",
      default: [
        20, 21, 22, 23, 25, 110, 135, 143, 445, 1433, 1434, 3000, 3306, 3389, 4333, 5000, 5432, 5500, 5601, 8080, 8088,
        8888, 9200, 9300,
      ],
    },
  },
  check(check, resource, parameters) {
    securityRulesOf(check, resource).forEach((rule) => checkRule(check, rule, parameters));
  },
  checkStack(stack) {
    for (const holder of [...ofType(stack, SECURITY_GROUP), ...ofType(stack, SECURITY_GROUP_RULE)]) {
      const open = worldRanges(holder);
      const groups = SECURITY_GROUP.test(holder.type)
        ? [holder]
        : referenced(stack, holder, ["securityGroupId"], SECURITY_GROUP);
      const members = open.length === 0 ? [] : groups.flatMap((group) => membersOf(stack, group));
      for (const range of members.length === 0 ? [] : open) {
        stack.check(holder).object(range, {
          found: `the internet, and ${members.map(({ name, type }) => `${name} (${type})`).join(", ")} in the group`,
          expected: "a group of load balancers alone",
        });
      }
    }
  },
});

function checkRule(check: Check, rule: SecurityRule, { publicPorts, highRiskPorts }: Parameters): void {
  const ports = portsOf(check, rule);
  const world = rule.ranges.filter((range) => check.known(range) && isWorld(range.value));
  if (ports === undefined) {
    return;
  }
  if (ports.from <= 1 && ports.to >= 65535) {
    check.object(rule.field, {
      found: `every port${world.length > 0 ? " to the internet" : ""}`,
      expected: "the ports that are needed",
    });
    return;
  }
  const opened = count(ports, publicPorts);
  const fine =
    hasPorts(rule) &&
    opened === ports.to - ports.from + 1 &&
    ports.to >= ports.from &&
    count(ports, highRiskPorts) === 0;
  for (const range of rule.direction === "ingress" && !fine ? world : []) {
    check.object(range, {
      found: `the internet on ${describePorts(rule, ports)}`,
      expected: `the internet on ${publicPorts.join(" and ")} alone`,
    });
  }
}

function count({ from, to }: { from: number; to: number }, ports: readonly number[]): number {
  return new Set(ports.filter((port) => port >= from && port <= to)).size;
}

function describePorts(rule: SecurityRule, { from, to }: { from: number; to: number }): string {
  if (!hasPorts(rule)) {
    return `the protocol ${String(rule.protocol.value)}`;
  }
  return from === to ? `port ${String(from)}` : `the ports ${String(from)} to ${String(to)}`;
}

/** The known ranges of the internet that may connect; what is unknown has been reported by the resource's own check. */
function worldRanges(holder: StackResource): Field[] {
  return securityRulesOf(new Check(holder), holder)
    .filter(({ direction }) => direction === "ingress")
    .flatMap(({ ranges }) => ranges.filter(({ value }) => isWorld(value)));
}

function membersOf(stack: Stack, group: StackResource): StackResource[] {
  return referrers(stack, group, MEMBERSHIP, /^aws:/).filter(
    ({ type }) =>
      !LOAD_BALANCER.test(type) &&
      !CLASSIC_LOAD_BALANCER.test(type) &&
      !SECURITY_GROUP.test(type) &&
      !SECURITY_GROUP_RULE.test(type),
  );
}
