import { toMebibytes, toMillicpu, toSeconds, type Cpu, type Duration, type Size } from "../spec/units.ts";

/** Processor time as Kubernetes writes it, such as "250m". */
export function cpuQuantity(cpu: Cpu): string {
  return `${toMillicpu(cpu)}m`;
}

/** Memory or storage as Kubernetes writes it, such as "512Mi". */
export function sizeQuantity(size: Size): string {
  return `${toMebibytes(size)}Mi`;
}

/** Whole seconds, at least one: the shortest time that probes and grace periods know. */
export function wholeSeconds(duration: Duration): number {
  return Math.max(1, Math.ceil(toSeconds(duration)));
}

/** The smaller of a store's specified size and a profile's limit. */
export function limitedSize(size: Size, limit: Size | "as specified"): Size {
  return limit === "as specified" || toMebibytes(size) <= toMebibytes(limit) ? size : limit;
}
