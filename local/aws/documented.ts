import type { Violation } from "./constraints.ts";

/** A rule that AWS states in words only, in the reference of the operation. */
interface Rule {
  pattern: RegExp;
  says: string;
}

const balancerName: Rule = {
  pattern: /^(?!internal-)[A-Za-z0-9](-?[A-Za-z0-9])*$/,
  says: "letters, digits and single hyphens inside, not starting with internal-",
};
const cacheName: Rule = {
  pattern: /^[a-z](-?[a-z0-9])*$/i,
  says: "letters, digits and single hyphens, starting with a letter",
};

/** By operation and member. */
const rules: Record<string, Rule & { longest?: number; least?: number }> = {
  "elasticache:CreateReplicationGroup.ReplicationGroupId": { ...cacheName, longest: 40 },
  "elasticache:CreateCacheParameterGroup.CacheParameterGroupName": { ...cacheName, longest: 255 },
  "elasticache:CreateCacheSubnetGroup.CacheSubnetGroupName": { ...cacheName, longest: 255 },
  "elasticache:CreateUser.UserId": { ...cacheName, longest: 40 },
  "elbv2:CreateLoadBalancer.Name": { ...balancerName, longest: 32 },
  "elbv2:CreateTargetGroup.Name": { ...balancerName, longest: 32 },
  "rds:CreateDBInstance.DBName": { pattern: /^[A-Za-z_][A-Za-z0-9_]*$/, says: "letters, digits and _", longest: 63 },
  "rds:CreateDBSubnetGroup.DBSubnetGroupName": {
    pattern: /^(?!default$)[a-z0-9. _-]+$/,
    says: "small letters, digits and . _ -, not default",
    longest: 255,
  },
  "s3:CreateBucket.Bucket": {
    pattern: /^(?!xn--|sthree-|amzn-s3-demo-)(?!.*(\.\.|-s3alias$|--ol-s3$))[a-z0-9][a-z0-9.-]*[a-z0-9]$/,
    says: "small letters, digits, hyphens and dots, without the beginnings and ends that S3 keeps for itself",
    least: 3,
    longest: 63,
  },
  "sns:CreateTopic.Name": { pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/, says: "letters, digits, _ and -", longest: 256 },
  "sqs:CreateQueue.QueueName": { pattern: /^[A-Za-z0-9_-]+(\.fifo)?$/, says: "letters, digits, _ and -", longest: 80 },
};

const tagText: Rule = {
  pattern: /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u,
  says: "letters, digits, spaces and _ . : / = + - @",
};
const ruleDescription = /^[A-Za-z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/;

/** What of a request's parameters the reference of its operation does not take. */
export function documented(service: string, operation: string, parameters: Record<string, unknown>): Violation[] {
  const found: Violation[] = [];
  for (const [name, value] of Object.entries(parameters)) {
    const rule = rules[`${service}:${operation}.${name}`];
    if (rule && typeof value === "string")
      found.push(...textProblems(rule, value).map((message) => ({ path: [name], message })));
  }
  found.push(...tagProblems(parameters, []));
  if (/^AuthorizeSecurityGroup/.test(operation)) found.push(...permissionProblems(parameters["IpPermissions"]));
  return found;
}

function textProblems(
  { pattern, says, least = 1, longest = Infinity }: Rule & { least?: number; longest?: number },
  value: string,
): string[] {
  if (value.length > longest) return [`has ${value.length} characters; at most ${longest} are allowed`];
  if (value.length < least) return [`has ${value.length} characters; at least ${least} are needed`];
  return pattern.test(value) ? [] : [`has characters that are not allowed; it takes ${says}`];
}

/** Tags are the same everywhere: at most 50, keys of 128 and values of 256 characters. */
function tagProblems(value: unknown, path: (string | number)[]): Violation[] {
  if (typeof value !== "object" || value === null) return [];
  const found: Violation[] = [];
  for (const [name, each] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(name) : name];
    const tags = /tags(list)?$/i.test(name) ? pairs(each) : undefined;
    if (!tags) {
      found.push(...tagProblems(each, here));
      continue;
    }
    if (tags.length > 50) found.push({ path: here, message: `has ${tags.length} tags; at most 50 are allowed` });
    for (const [key, text] of tags) {
      const told = [
        ...textProblems({ ...tagText, longest: 128 }, key),
        ...textProblems({ ...tagText, least: 0, longest: 256 }, text),
      ];
      if (/^aws:/i.test(key)) told.push("starts with aws:, which is AWS's own");
      found.push(...told.map((message) => ({ path: here, message: `has the tag "${key}", which ${message}` })));
    }
  }
  return found;
}

function pairs(value: unknown): [string, string][] | undefined {
  if (Array.isArray(value)) {
    const entries = (value as Record<string, unknown>[]).map((tag) => {
      const of = (end: string) => Object.entries(tag).find(([name]) => name.toLowerCase().endsWith(end))?.[1];
      return [of("key"), of("value")] as const;
    });
    return entries.every(([key]) => typeof key === "string")
      ? entries.map(([key, text]) => [String(key), String(text ?? "")])
      : undefined;
  }
  if (typeof value !== "object" || value === null) return undefined;
  return Object.entries(value).map(([key, text]) => [key, String(text)]);
}

function permissionProblems(permissions: unknown): Violation[] {
  const found: Violation[] = [];
  for (const [index, permission] of ((permissions ?? []) as Record<string, unknown>[]).entries()) {
    const refuse = (member: string, message: string) => found.push({ path: ["IpPermissions", index, member], message });
    const { IpProtocol: protocol, FromPort: from, ToPort: to } = permission;
    if (!["-1", "tcp", "udp", "icmp", "icmpv6"].includes(String(protocol)) && !/^\d{1,3}$/.test(String(protocol)))
      refuse("IpProtocol", `is "${String(protocol)}"; allowed are -1, tcp, udp, icmp, icmpv6 and protocol numbers`);
    for (const [name, port] of Object.entries({ FromPort: from, ToPort: to })) {
      const least = /^icmp/.test(String(protocol)) ? -1 : 0;
      if (typeof port === "number" && (port < least || port > 65535)) refuse(name, `is ${port}; ports end at 65535`);
    }
    const ends = ["IpRanges", "Ipv6Ranges", "PrefixListIds", "UserIdGroupPairs"];
    if (!ends.some((end) => permission[end] !== undefined))
      refuse("IpRanges", `and ${ends.slice(1).join(", ")} are all missing`);
    if (/^(tcp|udp)$/.test(String(protocol)) && (from === undefined || to === undefined))
      refuse("FromPort", `and ToPort are required for ${String(protocol)}`);
    if (typeof from === "number" && typeof to === "number" && from > to) refuse("FromPort", "is above ToPort");
    for (const range of [permission["IpRanges"], permission["UserIdGroupPairs"], permission["PrefixListIds"]].flat()) {
      const text = (range as Record<string, unknown> | undefined)?.["Description"];
      if (typeof text === "string" && (text.length > 255 || !ruleDescription.test(text)))
        refuse("Description", `is "${text}"; it takes 255 letters, digits, spaces and ._-:/()#,@[]+=&;{}!$*`);
    }
  }
  return found;
}
