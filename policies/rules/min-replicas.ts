import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { componentValue, type ByComponent } from "../workloads/component-values.ts";
import { copiesOf, replicatedOf } from "../workloads/copies.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { textOf } from "../frame/field.ts";

interface Parameters {
  minimum: BySystem<ByComponent<number>>;
}

/** One copy is none while it restarts. */
export const minReplicas = definePolicy<Parameters>({
  id: "POL-MIN-REPLICAS",
  title: "Stateless services have enough replicas",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2"] },
  requirements: ["AR-SEC-01"],
  remediation: "Raise the number of copies in the specification of the service.",
  parameters: {
    minimum: {
      type: "object",
      additionalProperties: { type: "object", additionalProperties: { type: "integer", minimum: 0 } },
      description:
        "Copies by system and component; default holds for components that are not named. Not asked in development.",
      default: {
        worldstore: { server: 2, agent: 1 },
        "ecommerce-bot": { webhook: 3, mcp: 2 },
        archesai: { api: 3, platform: 2 },
        ccl: { app: 2 },
        "retail-brain": { default: 2, "api-gateway": 3 },
      },
    },
  },
  checkStack(stack, { minimum }) {
    for (const [workload, ...others] of setsOf(stack)) {
      const wanted = componentValue(minimum, workload);
      if (wanted !== undefined && !isDevelopment(workload)) {
        checkSet(stack, [workload, ...others], wanted);
      }
    }
  },
});

type Set = [StackResource, ...StackResource[]];

/** Workloads that are one service in several colours, told by their label or else alone. */
function setsOf(stack: Stack): Set[] {
  const sets = new Map<string, Set>();
  for (const workload of replicatedOf(stack)) {
    const { properties } = workload;
    const service = textOf(properties.get("metadata", "labels", "app.kubernetes.io/name").value);
    const namespace = textOf(properties.get("metadata", "namespace").value);
    const key = service === "" ? workload.urn : `${namespace}/${service}`;
    const present = sets.get(key);
    sets.set(key, present ? [...present, workload] : [workload]);
  }
  return [...sets.values()];
}

/** A colour that waits has no copies; the one that works has enough of them. */
function checkSet(stack: Stack, workloads: Set, wanted: number): void {
  const numbers = workloads.map((workload) => copiesOf(stack, workload));
  const known = numbers.map(({ resource, field }) => stack.check(resource).known(field));
  const most = numbers.reduce((best, one) => ((one.count ?? 0) > (best.count ?? 0) ? one : best));
  if (!known.includes(false) && !((most.count ?? 0) >= wanted)) {
    stack.check(most.resource).object(most.field, { expected: `${wanted} or more` });
  }
}
