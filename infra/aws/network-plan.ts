import { UserError, type Problem } from "../errors.ts";

/** What a subnet is for, which decides its way to the internet: a gateway, NAT, or none. */
export type SubnetTier = "public" | "private" | "data";

/** The most zones that a network has room for. */
export const mostZones = 4;

/** Prefix lengths of a VPC whose every subnet can hold what AWS asks: a load balancer needs a /27. */
const widest = 16;
const narrowest = 22;

/**
 * Where each tier begins, in eighths of the range, and how many eighths it has. The last eighth is free: what comes
 * later needs no new network.
 */
const tiers: Record<SubnetTier, { start: number; eighths: number }> = {
  private: { start: 0, eighths: 4 },
  data: { start: 4, eighths: 2 },
  public: { start: 6, eighths: 1 },
};

/**
 * The address ranges of the subnets of a VPC, one of each tier in every zone, in the zones' order. A range depends on
 * the VPC and on the zone's place alone: a zone that is added at the end moves no other.
 *
 * @param cidr range of the VPC, such as "10.20.0.0/16"
 * @throws UserError if the range or the number of zones does not fit
 */
export function subnetPlan(cidr: string, zones: readonly string[]): Record<SubnetTier, string[]> {
  const problems = planProblems(cidr, zones);
  if (problems.length > 0) throw new UserError(problems);
  const { start, prefix } = parse(cidr);
  const eighth = 2 ** (32 - prefix - 3);
  const ranges = (tier: SubnetTier) => {
    const addresses = (tiers[tier].eighths * eighth) / mostZones;
    const first = start + tiers[tier].start * eighth;
    return zones.map((_, index) => `${dotted(first + index * addresses)}/${32 - Math.log2(addresses)}`);
  };
  return { public: ranges("public"), private: ranges("private"), data: ranges("data") };
}

function planProblems(cidr: string, zones: readonly string[]): Problem[] {
  const { start, prefix } = parse(cidr);
  const problems: Problem[] = [];
  if (!(prefix >= widest && prefix <= narrowest)) {
    problems.push({ where: "aws.cidr", message: `"${cidr}" is not allowed; use a range from /16 to /22.` });
  } else if (start % 2 ** (32 - prefix) !== 0) {
    const whole = start - (start % 2 ** (32 - prefix));
    problems.push({
      where: "aws.cidr",
      message: `"${cidr}" does not begin where a /${prefix} begins; use "${dotted(whole)}/${prefix}".`,
    });
  }
  if (zones.length < 2 || zones.length > mostZones || new Set(zones).size < zones.length) {
    problems.push({
      where: "aws.zones",
      message: `${zones.length === 0 ? "none" : zones.join(", ")} does not fit; name 2 to ${mostZones} different zones.`,
    });
  }
  return problems;
}

function parse(cidr: string): { start: number; prefix: number } {
  const [address = "", prefix = ""] = cidr.split("/");
  const start = address.split(".").reduce((number, part) => number * 256 + Number(part), 0);
  return { start, prefix: Number(prefix) };
}

function dotted(address: number): string {
  return [24, 16, 8, 0].map((bits) => Math.floor(address / 2 ** bits) % 256).join(".");
}
