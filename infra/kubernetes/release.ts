import type { apps } from "@pulumi/kubernetes/types/input.js";

import type { Release } from "../spec/service.ts";

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
