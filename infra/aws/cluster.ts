import { Cluster } from "@pulumi/aws/ecs/cluster.js";
import { ClusterCapacityProviders } from "@pulumi/aws/ecs/clusterCapacityProviders.js";
import * as pulumi from "@pulumi/pulumi";

import { declared } from "../spec/names.ts";
import { arn } from "./arns.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";
import { workloadNames } from "./workload.ts";

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

/** The ECS clusters that the specification names, on Fargate. Nobody gets a shell in a task, so there is none to log. */
export class Clusters extends pulumi.ComponentResource {
  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Clusters", name, {}, opts);
    const stated = new Map(
      workloadNames(target.system).map((workload) => [clusterName(target, workload), statedCluster(target, workload)]),
    );
    for (const [physical, spelling] of stated) {
      const logicalName = `${name}-${spelling.toLowerCase()}`;
      const cluster = new Cluster(
        logicalName,
        {
          name: physical,
          settings: [{ name: "containerInsights", value: "enhanced" }],
          configuration: { executeCommandConfiguration: { logging: "NONE" } },
          tags: componentTags("cluster", { Name: spelling }),
        },
        { parent: this },
      );
      new ClusterCapacityProviders(
        `${logicalName}-capacity`,
        {
          clusterName: cluster.name,
          capacityProviders: ["FARGATE", "FARGATE_SPOT"],
          defaultCapacityProviderStrategies: [{ capacityProvider: "FARGATE", weight: 1 }],
        },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
