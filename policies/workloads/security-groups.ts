import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";

export const SECURITY_GROUP = /^aws:ec2\/(?:default)?securityGroup:/i;
export const SECURITY_GROUP_RULE = /^aws:(?:ec2\/securityGroupRule|vpc\/securityGroup(?:In|E)gressRule):/;

const ALL_PORTS = { from: 0, to: 65535 };

/** One permission of a security group, wherever it is written: in the group, or as a resource of its own. */
export interface SecurityRule {
  direction: "ingress" | "egress";
  field: Field;
  /** The address ranges that it lets in or out. */
  ranges: Field[];
  protocol: Field;
  from: Field;
  to: Field;
}

/** The rules that a resource holds: those within a group, or the one that the resource is; what is unknown is reported. */
export function securityRulesOf(check: Check, { type, properties }: Resource): SecurityRule[] {
  if (SECURITY_GROUP.test(type)) {
    return (["ingress", "egress"] as const).flatMap((direction) =>
      check.items(properties.get(direction)).map((field) => classicRule(check, direction, field)),
    );
  }
  if (type.startsWith("aws:ec2/securityGroupRule:")) {
    const direction = properties.get("type");
    return check.known(direction)
      ? [classicRule(check, direction.value === "egress" ? "egress" : "ingress", properties)]
      : [];
  }
  const direction = /^aws:vpc\/securityGroup(In|E)gressRule:/.exec(type)?.[1];
  if (direction === undefined) {
    return [];
  }
  return [
    {
      direction: direction === "In" ? "ingress" : "egress",
      field: properties,
      ranges: [properties.get("cidrIpv4"), properties.get("cidrIpv6")].filter((range) => !range.absent),
      protocol: properties.get("ipProtocol"),
      from: properties.get("fromPort"),
      to: properties.get("toPort"),
    },
  ];
}

function classicRule(check: Check, direction: SecurityRule["direction"], field: Field): SecurityRule {
  return {
    direction,
    field,
    ranges: ["cidrBlocks", "ipv6CidrBlocks"].flatMap((key) => check.items(field.get(key))),
    protocol: field.get("protocol"),
    from: field.get("fromPort"),
    to: field.get("toPort"),
  };
}

/** The ports that a rule opens, all if it names none; undefined when they are not known yet, which is reported. */
export function portsOf(check: Check, { protocol, from, to }: SecurityRule): { from: number; to: number } | undefined {
  if (!check.known(protocol)) {
    return undefined;
  }
  if (/^(?:-1|all|)$/i.test(textOf(protocol.value))) {
    return ALL_PORTS;
  }
  if (!check.known(from) || !check.known(to)) {
    return undefined;
  }
  return { from: numberOr(from, ALL_PORTS.from), to: numberOr(to, numberOr(from, ALL_PORTS.to)) };
}

/** Whether the rule is one of TCP or UDP, which alone have ports. */
export function hasPorts({ protocol }: SecurityRule): boolean {
  return /^(?:tcp|udp|6|17)$/i.test(textOf(protocol.value));
}

/** Whether a range is wider than any private network, so that it holds much of the internet: 0.0.0.0/0, 0.0.0.0/1, ::/0. */
export function isWorld(range: unknown): boolean {
  const [address, length] = textOf(range).split("/", 2);
  return length !== undefined && Number(length) < (address?.includes(":") === true ? 7 : 8);
}

function numberOr(field: Field, otherwise: number): number {
  return field.absent ? otherwise : Number(field.value);
}
