/** Memory for each vCPU of a family of EC2 instances, in GiB. */
const GIB_PER_VCPU: Readonly<Record<string, number>> = { c: 2, m: 4, r: 8, x: 16, t: 4, i: 8, g: 4, d: 8, z: 8 };

/** The burstable family has steps of its own. */
const SMALL: Readonly<Record<string, { vcpu: number; memoryGiB: number }>> = {
  nano: { vcpu: 2, memoryGiB: 0.5 },
  micro: { vcpu: 2, memoryGiB: 1 },
  small: { vcpu: 2, memoryGiB: 2 },
  medium: { vcpu: 2, memoryGiB: 4 },
  large: { vcpu: 2, memoryGiB: 8 },
};

/** What an EC2 instance type has at least: `m7g.xlarge` is 4 vCPU and 16 GiB. Undefined if it cannot be told by its name. */
export function sizeOf(type: string): { vcpu: number; memoryGiB: number } | undefined {
  const [, family = "", size = ""] = /^([a-z])[a-z0-9-]*\.([a-z0-9-]+)$/.exec(type) ?? [];
  const perCpu = GIB_PER_VCPU[family];
  if (perCpu === undefined) {
    return undefined;
  }
  if (family === "t" && SMALL[size] !== undefined) {
    return SMALL[size];
  }
  const times = /^(\d*)xlarge$/.exec(size)?.[1];
  const vcpu = size === "medium" ? 1 : size === "large" ? 2 : times === undefined ? undefined : 4 * Number(times || 1);
  return vcpu === undefined ? undefined : { vcpu, memoryGiB: vcpu * perCpu };
}
