import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { isOn } from "../workloads/values.ts";
import { leadsElsewhere, ofType, referenced, referrers } from "../workloads/references.ts";
import { isWorld } from "../workloads/security-groups.ts";
import { SUBNET } from "../workloads/subnets.ts";

interface Parameters {
  taskEndpoints: string[];
  instanceEndpoints: string[];
}

const VPC = /^aws:ec2\/vpc:/;
const CLOSED_GROUP = /^aws:ec2\/defaultSecurityGroup:/;
const ENDPOINT = /^aws:ec2\/vpcEndpoint:/;
const TASKS = /^aws:ecs\/(?:service|taskSet):/;
const INSTANCES = /^aws:(?:ec2\/(?:instance|spotInstanceRequest)|autoscaling\/group):/;
const REMOTE_PORTS = [22, 3389];

/** What AWS asks of every network: nothing open by default, and its own services reached without the internet. */
export const awsVpc = definePolicy<Parameters>({
  id: "POL-AWS-VPC",
  title: "Networks are closed by default and reach AWS privately",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["EC2.2", "EC2.10", "EC2.15", "EC2.21", "EC2.55", "EC2.56", "EC2.57", "EC2.172"],
    pci: ["1.3.1", "1.3.2"],
    soc2: ["CC6.6"],
  },
  requirements: ["RB-SEC-12"],
  remediation: "Empty the VPC's default security group, give no public addresses, and add the interface endpoints.",
  parameters: {
    taskEndpoints: {
      type: "array",
      items: { type: "string" },
      description: "Services whose interface endpoint a VPC with ECS tasks has.",
      default: ["ecr.api", "ecr.dkr", "ssm"],
    },
    instanceEndpoints: {
      type: "array",
      items: { type: "string" },
      description: "Services whose interface endpoint a VPC with EC2 instances has.",
      default: ["ec2", "ssm"],
    },
  },
  check(check, { type, properties }) {
    if (CLOSED_GROUP.test(type)) {
      for (const direction of ["ingress", "egress"]) {
        check.items(properties.get(direction)).forEach((rule) => {
          check.object(rule, { found: "a rule of the default group", expected: "no rule in the default group" });
        });
      }
    }
    if (SUBNET.test(type)) {
      check.expect(properties.get("mapPublicIpOnLaunch"), (value) => textOf(value) !== "true", {
        expected: "false: public addresses only where they are asked for",
      });
    }
    if (type.startsWith("aws:ec2/vpcBlockPublicAccessOptions:")) {
      check.expect(properties.get("internetGatewayBlockMode"), (value) => /^block-/.test(textOf(value)), {
        expected: "block-ingress or block-bidirectional",
      });
    }
    aclRules(check, type, properties).forEach((rule) => checkAclRule(check, rule));
  },
  checkStack(stack, { taskEndpoints, instanceEndpoints }) {
    for (const vpc of ofType(stack, VPC)) {
      if (referrers(stack, vpc, ["vpcId"], CLOSED_GROUP).length === 0) {
        stack.check(vpc).object(vpc.properties, {
          found: "a default security group with AWS's own rules",
          expected: "a default security group without rules",
          fix: "Add an aws:ec2:DefaultSecurityGroup of the VPC with no ingress and no egress.",
        });
      }
      const wanted = [
        ...(bears(stack, vpc, TASKS, ["networkConfiguration"]) ? taskEndpoints : []),
        ...(bears(stack, vpc, INSTANCES, ["subnetId", "vpcZoneIdentifiers"]) ? instanceEndpoints : []),
      ];
      checkEndpoints(stack, vpc, [...new Set(wanted)]);
    }
  },
  remediate(draft) {
    if (CLOSED_GROUP.test(draft.type)) {
      for (const rules of [draft.get("ingress"), draft.get("egress")].filter((field) => field.items().length > 0)) {
        rules.set([]);
      }
    }
    const map = draft.get("mapPublicIpOnLaunch");
    if (SUBNET.test(draft.type) && textOf(map.value) === "true") {
      map.set(false);
    }
  },
});

/** The ingress rules of network ACLs, within one or beside it. */
function aclRules(check: Check, type: string, properties: Field): Field[] {
  if (/^aws:ec2\/(?:default)?networkAcl:/i.test(type)) {
    return check.items(properties.get("ingress"));
  }
  const single = type.startsWith("aws:ec2/networkAclRule:");
  return single && check.known(properties.get("egress")) && !isOn(properties.get("egress").value) ? [properties] : [];
}

function checkAclRule(check: Check, rule: Field): void {
  const pick = (...keys: string[]) =>
    keys.map((key) => rule.get(key)).find(({ absent }) => !absent) ?? rule.get("none");
  const action = pick("action", "ruleAction");
  const range = pick("cidrBlock", "ipv6CidrBlock");
  const fields = [action, range, rule.get("protocol"), rule.get("fromPort"), rule.get("toPort")];
  if (!fields.every((field) => check.known(field)) || textOf(action.value) !== "allow" || !isWorld(range.value)) {
    return;
  }
  const protocol = textOf(rule.get("protocol").value);
  const everything = ["-1", "all"].includes(protocol);
  const tcp = ["6", "tcp"].includes(protocol);
  const from = Number(rule.get("fromPort").value ?? 0);
  const to = Number(rule.get("toPort").value ?? 65535);
  const open = REMOTE_PORTS.filter((port) => everything || (tcp && from <= port && port <= to));
  if (open.length > 0) {
    check.object(range, {
      found: `the internet on ${open.join(" and ")}`,
      expected: `no way from the internet to ${REMOTE_PORTS.join(" or ")}`,
      fix: "Allow the ports that are needed, from the networks that need them.",
    });
  }
}

/** Whether something of a kind lives in a subnet of the VPC. */
function bears(stack: Stack, vpc: StackResource, type: RegExp, subnets: readonly string[]): boolean {
  return ofType(stack, type).some((resource) =>
    referenced(stack, resource, subnets, SUBNET).some((subnet) =>
      referenced(stack, subnet, ["vpcId"], VPC).includes(vpc),
    ),
  );
}

function checkEndpoints(stack: Stack, vpc: StackResource, wanted: readonly string[]): void {
  const endpoints = ofType(stack, ENDPOINT).filter(
    (endpoint) =>
      referenced(stack, endpoint, ["vpcId"], VPC).includes(vpc) || leadsElsewhere(stack, endpoint, "vpcId", VPC),
  );
  const undecided = endpoints.filter((one) => !stack.check(one).known(one.properties.get("serviceName")));
  const missing = wanted.filter(
    (service) =>
      !endpoints.some(
        ({ properties }) =>
          textOf(properties.get("serviceName").value).endsWith(`.${service}`) &&
          properties.get("vpcEndpointType").value === "Interface",
      ),
  );
  if (missing.length > 0 && undecided.length === 0) {
    stack.check(vpc).object(vpc.properties, {
      found: `no interface endpoint for ${missing.join(", ")}`,
      expected: `interface endpoints for ${wanted.join(", ")}`,
      fix: `Add an aws:ec2:VpcEndpoint of type Interface for ${missing.join(", ")}.`,
    });
  }
}
