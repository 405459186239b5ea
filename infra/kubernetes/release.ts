import type { apps } from "@pulumi/kubernetes/types/input.js";

import type { Settings } from "../settings.ts";
import type { Release, Scaling, Service } from "../spec/service.ts";

/** The least number of copies of a stateless service in a highly available profile. */
const highlyAvailableCopies = 2;

/** How a Deployment replaces its pods. A stack that leaves out blue-green gets a rolling update without a gap. */
export function deploymentStrategy(release: Release): apps.v1.DeploymentStrategy {
  switch (release.strategy) {
    case "stop-then-start":
      return { type: "Recreate" };
    case "rolling":
      return {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: release.maxSurge, maxUnavailable: release.maxUnavailable },
      };
    case "blue-green":
      return { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  }
}

/** How many copies of a stateless service run. A stack that leaves out autoscaling gets the minimum. */
export function replicasOf({ scaling }: Service, { profile }: Settings): number {
  const stated = minimumOf(scaling);
  return profile.highlyAvailable ? Math.max(stated, highlyAvailableCopies) : stated;
}

/**
 * The most pods of a Deployment at one moment: while it is released, old copies that are still stopping run beside the
 * new ones.
 */
export function mostPods(replicas: number, release: Release): number {
  if (release.strategy === "stop-then-start") return replicas;
  const surge = release.strategy === "rolling" ? release.maxSurge : 1;
  return replicas + Math.max(replicas, surge);
}

function minimumOf(scaling: Scaling): number {
  return "replicas" in scaling ? scaling.replicas : scaling.minimum;
}
