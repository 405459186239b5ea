import type { ecs } from "@pulumi/aws/types/input.js";

import type { Release } from "../spec/service.ts";
import type { System } from "../spec/system.ts";
import { alarmName } from "./alarms.ts";
import type { Target } from "./target.ts";

/** How long both colours run before the old one goes: as long as the alarms need to see that the new one is ill. */
const bakeTimeInMinutes = "10";

/** How ECS replaces tasks. */
export interface DeploymentPlan {
  deploymentMinimumHealthyPercent: number;
  deploymentMaximumPercent: number;
  deploymentConfiguration: ecs.ServiceDeploymentConfiguration;
  availabilityZoneRebalancing: "ENABLED" | "DISABLED";
}

/**
 * How ECS replaces the copies of a service, whose numbers are the specification's: it rounds the least number up and the
 * greatest down.
 *
 * @param copies the fewest that run, at most 100
 */
export function deploymentPlan(release: Release, copies: number): DeploymentPlan {
  const rolling = { strategy: "ROLLING" };
  switch (release.strategy) {
    case "rolling": {
      const { maxSurge, maxUnavailable } = release;
      return {
        deploymentMinimumHealthyPercent: Math.floor((Math.max(0, copies - maxUnavailable) * 100) / copies),
        deploymentMaximumPercent: Math.ceil(((copies + maxSurge) * 100) / copies),
        deploymentConfiguration: rolling,
        // Moving a copy to another zone starts the new one first.
        availabilityZoneRebalancing: maxSurge > 0 ? "ENABLED" : "DISABLED",
      };
    }
    case "blue-green":
      return {
        deploymentMinimumHealthyPercent: 100,
        deploymentMaximumPercent: 200,
        deploymentConfiguration: { strategy: "BLUE_GREEN", bakeTimeInMinutes },
        availabilityZoneRebalancing: "ENABLED",
      };
    case "stop-then-start":
      return {
        deploymentMinimumHealthyPercent: 0,
        deploymentMaximumPercent: 100,
        deploymentConfiguration: rolling,
        availabilityZoneRebalancing: "DISABLED",
      };
  }
}

/**
 * The alarms that undo a release of a service: those about its memory and, if the edge leads to it, about the part of the
 * requests that fail. An alarm that a service is down is none of them: it rings before the first release, and the circuit
 * breaker sees tasks that do not start.
 */
export function releaseAlarms(target: Target, service: string): string[] {
  const atEdge = isAtEdge(target.system, service);
  return target.system.alerts
    .filter(({ condition }) =>
      condition.kind === "service-memory" ? condition.service === service : condition.kind === "share" && atEdge,
    )
    .map(({ name }) => alarmName(target, name))
    .sort();
}

function isAtEdge({ flows }: System, service: string): boolean {
  return flows.some(({ from, to }) => "edge" in from && "service" in to && to.service === service);
}
