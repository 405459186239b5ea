import type { Instance } from "../spec/instances.ts";
import { type Named, physicalName } from "./names.ts";

/** The family of the task definitions of an instance or job. */
export function taskFamily(target: Named, { workload }: Pick<Instance, "workload">): string {
  return physicalName(target, "taskDefinition", workload);
}
