import type { Check, Resource } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import { isComponent } from "../workloads/component-values.ts";
import { namesOf } from "../workloads/components.ts";
import { ECS_SERVICE } from "../workloads/copies.ts";
import { kubernetesKind } from "../workloads/kubernetes.ts";

interface Parameters {
  maxSurge: number;
  maxUnavailable: number;
  minRevisions: number;
  exempt: string[];
}

const KINDS = ["Deployment", "StatefulSet", "DaemonSet"];

const ROLLING = { expected: '"RollingUpdate"' };

/** Kubernetes keeps ten revisions when nothing is said. */
const DEFAULT_REVISIONS = 10;

/** A new version takes nothing away before it is ready, and the old one is there to return to. */
export const rolloutSafe = definePolicy<Parameters>({
  id: "POL-ROLLOUT-SAFE",
  title: "Rolling updates keep capacity and can be undone",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2", "CC8.1"] },
  requirements: ["EB-SEC-45", "AR-SEC-35", "RB-SEC-29"],
  remediation:
    "Roll out with maxSurge 1 and maxUnavailable 0, keep revisions, and on ECS use the circuit breaker with rollback and 100 % minimum health.",
  parameters: {
    maxSurge: { type: "integer", minimum: 1, description: "Copies above the wanted number.", default: 1 },
    maxUnavailable: { type: "integer", minimum: 0, description: "Copies below the wanted number.", default: 0 },
    minRevisions: { type: "integer", minimum: 1, description: "Revisions to return to.", default: 3 },
    exempt: {
      type: "array",
      items: { type: "string" },
      description: "Components that stop before they start again, because they must never run twice.",
      default: ["worldstore-agent"],
    },
  },
  check(check, resource, parameters) {
    const kind = kubernetesKind(resource, "apps") ?? "";
    const exempt = parameters.exempt.some((component) => isComponent(namesOf(resource), component));
    if (kind === "Deployment" && !exempt) {
      checkDeployment(check, resource, parameters);
    }
    if (kind === "StatefulSet" || kind === "DaemonSet") {
      check.expect(resource.properties.get("spec", "updateStrategy", "type"), isRolling, ROLLING);
    }
    if (KINDS.includes(kind)) {
      const limit = resource.properties.get("spec", "revisionHistoryLimit");
      check.expect(limit, (value) => Number(value ?? DEFAULT_REVISIONS) >= parameters.minRevisions, {
        expected: `at least ${parameters.minRevisions} revisions`,
      });
    }
    if (resource.type === ECS_SERVICE) {
      checkService(check, resource, exempt);
    }
  },
  remediate(draft, { maxSurge, maxUnavailable, minRevisions }) {
    const kind = KINDS.find((name) => draft.type === `kubernetes:apps/v1:${name}`);
    const strategy = draft.get("spec", "strategy");
    if (kind === "Deployment" && isRolling(strategy.get("type").value) && !strategy.unknown) {
      strategy.get("rollingUpdate", "maxSurge").set(maxSurge);
      strategy.get("rollingUpdate", "maxUnavailable").set(maxUnavailable);
    }
    const limit = draft.get("spec", "revisionHistoryLimit");
    if (kind !== undefined && Number(limit.value) < minRevisions) {
      limit.set(minRevisions);
    }
    if (draft.type === ECS_SERVICE && isEcsController(draft.get("deploymentController", "type").value)) {
      draft.get("deploymentCircuitBreaker", "enable").set(true);
      draft.get("deploymentCircuitBreaker", "rollback").set(true);
    }
  },
});

function checkDeployment(check: Check, { properties }: Resource, { maxSurge, maxUnavailable }: Parameters): void {
  const strategy = properties.get("spec", "strategy");
  check.expect(strategy.get("type"), isRolling, ROLLING);
  if (isRolling(strategy.get("type").value)) {
    for (const [key, wanted] of Object.entries({ maxSurge, maxUnavailable })) {
      check.expect(strategy.get("rollingUpdate", key), (value) => value === wanted, {
        expected: `${wanted} (the platform's default is 25 %)`,
      });
    }
  }
}

function checkService(check: Check, { properties }: Resource, exempt: boolean): void {
  const controller = properties.get("deploymentController", "type");
  if (check.known(controller) && isEcsController(controller.value)) {
    for (const key of ["enable", "rollback"]) {
      check.expect(properties.get("deploymentCircuitBreaker", key), (value) => value === true, { expected: "true" });
    }
  }
  // Daemons have one copy on each machine: there is no room for another.
  if (!exempt && properties.get("schedulingStrategy").value !== "DAEMON") {
    check.expect(properties.get("deploymentMinimumHealthyPercent"), (value) => Number(value ?? 100) >= 100, {
      expected: "at least 100",
    });
    check.expect(properties.get("deploymentMaximumPercent"), (value) => Number(value ?? 200) > 100, {
      expected: "more than 100, so that a new copy can start before an old one stops",
    });
  }
}

function isRolling(type: unknown): boolean {
  return type === undefined || type === "RollingUpdate";
}

/** Other controllers undo a deployment by their own means. */
function isEcsController(type: unknown): boolean {
  return type === undefined || type === "ECS";
}
