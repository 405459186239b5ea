import { declared } from "../spec/names.ts";
import { arn } from "./arns.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/** The name of the cluster in which a service or job runs. */
export function clusterName(target: Target, workload: string): string {
  return physicalName(target, "cluster", statedCluster(target, workload).toLowerCase());
}

/** The ARN of the cluster in which a service or job runs. */
export function clusterArn(target: Target, workload: string): string {
  return arn(target.aws, "ecs", `cluster/${clusterName(target, workload)}`);
}

/** The cluster of a service as the specification spells it (WS-OPS-09); jobs run in the system's own. */
function statedCluster({ system }: Target, workload: string): string {
  if (workload in system.jobs) return system.name;
  return declared(system.services, workload).cluster ?? system.name;
}
