import type { apps } from "@pulumi/kubernetes/types/input.js";

import type { Settings } from "../settings.ts";
import type { Release, Service } from "../spec/service.ts";

/** The least number of copies of a stateless service in a highly available profile. */
const highlyAvailableCopies = 2;

/** How a Deployment replaces its pods. A colour is replaced without a gap, such as when a variable changes. */
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

/** The fewest and the most copies of a stateless service; they differ where its load decides. */
export interface Copies {
  minimum: number;
  maximum: number;
}

/** How many copies of a stateless service run. */
export function copiesOf({ scaling }: Pick<Service, "scaling">, { profile }: Pick<Settings, "profile">): Copies {
  const stated = "replicas" in scaling ? { minimum: scaling.replicas, maximum: scaling.replicas } : scaling;
  const minimum = profile.highlyAvailable ? Math.max(stated.minimum, highlyAvailableCopies) : stated.minimum;
  return { minimum, maximum: Math.max(stated.maximum, minimum) };
}

/**
 * The most pods of a service at one moment: while it is released, old copies that are still stopping run beside the new
 * ones, in each colour if it has two.
 */
export function mostPods(copies: number, release: Release): number {
  switch (release.strategy) {
    case "stop-then-start":
      return copies;
    case "rolling":
      return copies + Math.max(copies, release.maxSurge);
    case "blue-green":
      return 4 * copies;
  }
}
