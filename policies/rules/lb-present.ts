import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { valueFor, type BySystem } from "../workloads/by-system.ts";
import { namesOf } from "../workloads/components.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { routesOf } from "../workloads/ingresses.ts";
import { kubernetesKind, podOf } from "../workloads/kubernetes.ts";
import { reachedTargetGroups, TARGET_GROUP } from "../workloads/load-balancers.ts";
import { leadsElsewhere, ofType, referenced } from "../workloads/references.ts";
import { namedServices, namespaceOf, servicesOf, workloadsBehind } from "../workloads/services.ts";

interface Parameters {
  publicServices: BySystem<readonly string[]>;
  minTargets: number;
}

const ECS_SERVICE = /^aws:ecs\/service:/;
const SERVING_KINDS = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DaemonSet"];

/** What is public is reached through a balancer, over more than one copy. */
export const lbPresent = definePolicy<Parameters>({
  id: "POL-LB-PRESENT",
  title: "Public services sit behind a load balancer or ingress with their targets attached",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["WS-SEC-28", "EB-SEC-15", "EB-SEC-42", "AR-SEC-05", "RB-SEC-24"],
  remediation: "Route a public endpoint to the service, and run at least two copies of it.",
  parameters: {
    publicServices: {
      type: "object",
      description: "Components that are public, by system.",
      default: {
        worldstore: ["payment-server", "worldstore-server"],
        "ecommerce-bot": ["webhook"],
        archesai: ["api", "platform"],
        ccl: ["app"],
        "retail-brain": ["api-gateway"],
        default: [],
      },
    },
    minTargets: { type: "integer", minimum: 1, description: "Copies of a stateless public service.", default: 2 },
  },
  checkStack(stack, parameters) {
    const routed = routedWorkloads(stack);
    for (const workload of stack.resources.filter((one) => SERVING_KINDS.includes(podOf(one)?.kind ?? ""))) {
      if (isPublic(workload, parameters)) {
        checkWorkload(stack, workload, routed, parameters.minTargets);
      }
    }
    const reached = reachedTargetGroups(stack);
    for (const service of ofType(stack, ECS_SERVICE).filter((one) => isPublic(one, parameters))) {
      checkService(stack, service, reached, parameters.minTargets);
    }
    stack.resources.forEach((route) => checkBackends(stack, route));
  },
});

function isPublic(resource: StackResource, { publicServices }: Parameters): boolean {
  const wanted = valueFor(publicServices, resource) ?? [];
  return namesOf(resource).some((name) => wanted.includes(name));
}

/** The workloads that some Ingress or route leads to. */
function routedWorkloads(stack: Stack): Set<StackResource> {
  return new Set(
    stack.resources.flatMap((route) =>
      routesOf(stack.check(route), route)
        .flatMap(({ service }) => namedServices(stack, namespaceOf(route), service))
        .flatMap((service) => workloadsBehind(stack, service)),
    ),
  );
}

/** A workload scaled to nothing, such as the other colour of a release, serves nobody. */
function checkWorkload(stack: Stack, workload: StackResource, routed: Set<StackResource>, minTargets: number): void {
  const check = stack.check(workload);
  const replicas = workload.properties.get("spec", "replicas");
  if (!check.known(replicas) || replicas.value === 0) {
    return;
  }
  // An Ingress whose services are not known yet may be the one that leads here.
  const undecided = stack.checks.some(({ notEvaluated }) => notEvaluated.length > 0);
  const names = namesOf(workload);
  // One colour of a release is enough, and development may be reached by port-forward alone.
  const reached = [...routed].some((one) => namesOf(one).some((name) => names.includes(name)));
  if (!reached && !undecided && !isDevelopment(workload)) {
    check.object(workload.properties.get("spec"), {
      found: "a public service that no Ingress or Gateway leads to",
      expected: "an Ingress or HTTPRoute to a Service of it",
    });
  }
  const scaler = scalerOf(stack, workload);
  const copies = scaler === undefined ? replicas : scaler.properties.get("spec", "minReplicas");
  if (podOf(workload)?.kind === "Deployment" && !isDevelopment(workload)) {
    stack.check(scaler ?? workload).expect(copies, (value) => Number(value ?? 1) >= minTargets, {
      expected: `at least ${String(minTargets)} copies`,
    });
  }
}

function scalerOf(stack: Stack, workload: StackResource): StackResource | undefined {
  return stack.resources.find(
    (one) =>
      kubernetesKind(one, "autoscaling") === "HorizontalPodAutoscaler" &&
      namespaceOf(one) === namespaceOf(workload) &&
      one.properties.get("spec", "scaleTargetRef", "name").value === workload.properties.get("metadata", "name").value,
  );
}

function checkService(
  stack: Stack,
  service: StackResource,
  reached: readonly StackResource[],
  minTargets: number,
): void {
  const check = stack.check(service);
  const balancers = service.properties.get("loadBalancers");
  const groups = referenced(stack, service, ["loadBalancers"], TARGET_GROUP);
  if (check.known(balancers)) {
    if (balancers.items().length === 0) {
      check.object(balancers, { expected: "a target group behind a listener" });
    } else if (
      groups.length === 0
        ? !leadsElsewhere(stack, service, "loadBalancers", TARGET_GROUP)
        : !groups.some((group) => reached.includes(group))
    ) {
      check.object(balancers, {
        found: "target groups that no listener leads to",
        expected: "a listener or rule that forwards to one",
      });
    }
  }
  if (!isDevelopment(service)) {
    check.expect(service.properties.get("desiredCount"), (value) => Number(value ?? 0) >= minTargets, {
      expected: `at least ${String(minTargets)} copies`,
    });
  }
}

/** A route to a Service that does not exist, or has no such port, leads nowhere. */
function checkBackends(stack: Stack, route: StackResource): void {
  const check = stack.check(route);
  for (const { service, port } of servicesOf(stack).length > 0 ? routesOf(check, route) : []) {
    const found = check.known(service) ? namedServices(stack, namespaceOf(route), service) : [];
    if (!service.unknown && !service.absent && found.length === 0) {
      check.object(service, { expected: "the name of a Service in the namespace" });
    }
    if (found.length > 0 && check.known(port) && !port.absent && !found.some((one) => offers(one, port))) {
      check.object(port, { expected: `a port of the Service ${textOf(service.value)}` });
    }
  }
}

function offers({ properties }: StackResource, port: Field): boolean {
  const ports = properties.get("spec", "ports");
  return (
    ports.unknown ||
    ports
      .items()
      .some((one) =>
        [one.get("port"), one.get("name")].some(
          ({ value, unknown }) => unknown || (value !== undefined && textOf(value) === textOf(port.value)),
        ),
      )
  );
}
