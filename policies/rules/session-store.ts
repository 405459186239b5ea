import { Check } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { valueFor, type BySystem } from "../workloads/by-system.ts";
import { namesOf } from "../workloads/components.ts";
import { annotation, routesOf } from "../workloads/ingresses.ts";
import { kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { TARGET_GROUP } from "../workloads/load-balancers.ts";
import { referenced } from "../workloads/references.ts";
import { namespaceOf, servicesOf, workloadsBehind } from "../workloads/services.ts";
import { containerVariables } from "../workloads/variables.ts";

interface Parameters {
  apps: BySystem<readonly string[]>;
  variables: string[];
}

const ECS_SERVICE = /^aws:ecs\/service:/;
const TASK_DEFINITION = /^aws:ecs\/taskDefinition:/;

/** A user who comes to another copy is still signed in. */
export const sessionStore = definePolicy<Parameters>({
  id: "POL-SESSION-STORE",
  title: "Several app instances require a shared session store or sticky sessions",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["CC-SEC-39"],
  remediation: "Bind REDIS_URL to a shared Redis, or keep each user on one copy.",
  parameters: {
    apps: {
      type: "object",
      description: "Components with sessions, by system.",
      default: { ccl: ["app"], default: [] },
    },
    variables: {
      type: "array",
      items: { type: "string" },
      description: "Variables of which one names the shared store.",
      default: ["REDIS_URL", "REDIS_HOST", "SESSION_STORE_URL"],
    },
  },
  checkStack(stack, parameters) {
    for (const workload of stack.resources.filter((one) => podOf(one) !== undefined || ECS_SERVICE.test(one.type))) {
      const apps = valueFor(parameters.apps, workload) ?? [];
      if (namesOf(workload).some((name) => apps.includes(name))) {
        checkWorkload(stack, workload, parameters.variables);
      }
    }
  },
});

function checkWorkload(stack: Stack, workload: StackResource, variables: readonly string[]): void {
  const check = stack.check(workload);
  const onEcs = ECS_SERVICE.test(workload.type);
  const copies = onEcs ? workload.properties.get("desiredCount") : workload.properties.get("spec", "replicas");
  if (!check.known(copies)) {
    return;
  }
  const most = Math.max(Number(copies.value ?? 1), mostCopies(stack, workload));
  const definitions = onEcs ? referenced(stack, workload, ["taskDefinition"], TASK_DEFINITION) : [workload];
  const reads = definitions.map((definition) => {
    const reading = new Check(definition);
    const names = containerVariables(reading, definition).map(({ name }) => name);
    return names.some((name) => variables.includes(name)) || reading.notEvaluated.length > 0 || usesFiles(definition);
  });
  const undecided = onEcs && definitions.length === 0;
  if (most > 1 && !undecided && !reads.includes(true) && !isSticky(stack, workload)) {
    check.object(copies, {
      found: `${String(most)} copies that share no sessions`,
      expected: `one of the variables ${variables.join(", ")}, or session affinity`,
    });
  }
}

/** Whole maps of variables, whose names stand elsewhere. */
function usesFiles(definition: StackResource): boolean {
  const containers = podOf(definition)?.spec.get("containers").items() ?? [];
  return containers.some(
    (container) => container.get("envFrom").items().length > 0 || container.get("envFrom").unknown,
  );
}

/** How many copies an autoscaler may make of it. */
function mostCopies(stack: Stack, workload: StackResource): number {
  const scalers = stack.resources.filter(
    (one) =>
      kubernetesKind(one, "autoscaling") === "HorizontalPodAutoscaler" &&
      namespaceOf(one) === namespaceOf(workload) &&
      one.properties.get("spec", "scaleTargetRef", "name").value === workload.properties.get("metadata", "name").value,
  );
  return Math.max(0, ...scalers.map(({ properties }) => Number(properties.get("spec", "maxReplicas").value ?? 0)));
}

function isSticky(stack: Stack, workload: StackResource): boolean {
  if (ECS_SERVICE.test(workload.type)) {
    const groups = referenced(stack, workload, ["loadBalancers"], TARGET_GROUP);
    return groups.some(({ properties }) => {
      const stickiness = properties.get("stickiness");
      return stickiness.unknown || (!stickiness.absent && textOf(stickiness.get("enabled").value ?? true) === "true");
    });
  }
  const services = servicesOf(stack).filter((service) => workloadsBehind(stack, service).includes(workload));
  const names = services.map(({ properties }) => textOf(properties.get("metadata", "name").value));
  const routes = stack.resources.filter((route) =>
    routesOf(new Check(route), route).some(
      ({ service }) => names.includes(textOf(service.value)) && namespaceOf(route) === namespaceOf(workload),
    ),
  );
  return (
    services.some(({ properties }) => properties.get("spec", "sessionAffinity").value === "ClientIP") ||
    routes.some((route) => textOf(annotation(route, "nginx.ingress.kubernetes.io/affinity").value) === "cookie")
  );
}
