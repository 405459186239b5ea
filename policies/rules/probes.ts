import type { Check } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { taskOf } from "../workloads/ecs.ts";
import { containersOf, podOf, type Container, type Pod } from "../workloads/kubernetes.ts";

interface Parameters {
  httpPaths: string[];
  startup: boolean;
}

const HANDLERS = ["exec", "grpc", "httpGet", "tcpSocket"] as const;
const BATCH_KINDS = ["Job", "CronJob"];
const ECS_SERVICE = "aws:ecs/service:Service";

/** A container that nobody asks how it is stays broken, or gets traffic before it can answer. */
export const probes = definePolicy<Parameters>({
  id: "POL-PROBES",
  title: "Health probes present and on the documented paths",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {},
  requirements: ["WS-SEC-22", "WS-SEC-44", "EB-SEC-05", "CC-SEC-37", "RB-SEC-20", "RB-SEC-35"],
  remediation: "Declare the health paths of the service in its specification.",
  parameters: {
    httpPaths: {
      type: "array",
      items: { type: "string" },
      description: "Paths that HTTP probes may ask for.",
      default: ["/health", "/ready", "/live", "/-/healthy", "/-/ready"],
    },
    startup: { type: "boolean", description: "Demand a startup probe too.", default: false },
  },
  check(check, resource, parameters) {
    const pod = podOf(resource);
    if (pod && runsForLong(check, pod)) {
      const wanted = ["readinessProbe", "livenessProbe", ...(parameters.startup ? ["startupProbe"] : [])];
      for (const container of containersOf(check, pod, ["containers", "initContainers"]).filter(isService)) {
        wanted.forEach((probe) => checkProbe(check, container.field, probe, parameters.httpPaths));
      }
    }
  },
  // Whether a load balancer asks a container how it is stands in the service, not in the task definition.
  checkStack(stack) {
    const services = stack.resources.filter(({ type }) => type === ECS_SERVICE);
    services.forEach((service) => checkService(stack, service));
  },
});

function runsForLong(check: Check, { kind, spec }: Pod): boolean {
  const restart = spec.get("restartPolicy");
  const always = check.known(restart) && (restart.absent || restart.value === "Always");
  return !BATCH_KINDS.includes(kind) && (kind !== "Pod" || always);
}

/** An init container runs for long only when it is a sidecar. */
function isService({ list, field }: Container): boolean {
  return list === "containers" || field.get("restartPolicy").value === "Always";
}

function checkProbe(check: Check, container: Field, name: string, httpPaths: readonly string[]): void {
  const probe = container.get(name);
  const handlers = HANDLERS.map((handler) => probe.get(handler));
  if (!check.known(probe)) {
    return;
  }
  if (handlers.every((handler) => handler.absent)) {
    check.object(probe, { expected: `a probe with one of ${HANDLERS.join(", ")}` });
    return;
  }
  const path = probe.get("httpGet", "path");
  if (!probe.get("httpGet").absent) {
    check.expect(path, (value) => httpPaths.includes(String(value)), { expected: `one of ${httpPaths.join(", ")}` });
  }
  const ports = check.items(container.get("ports"));
  for (const port of [probe.get("httpGet", "port"), probe.get("tcpSocket", "port")]) {
    if (
      typeof port.value === "string" &&
      !/^\d+$/.test(port.value) &&
      ports.every((field) => check.known(field.get("name")))
    ) {
      const names = ports.map((field) => String(field.get("name").value));
      check.expect(port, (value) => names.includes(String(value)), { expected: "the name of a port of the container" });
    }
  }
}

function checkService(stack: Stack, service: StackResource): void {
  const sources = service.propertyDependencies["taskDefinition"] ?? [];
  const definition = stack.resources.find((resource) => sources.includes(resource.urn) && taskOf(resource));
  const task = definition && taskOf(definition);
  if (!task) {
    return;
  }
  const balancers = service.properties.get("loadBalancers");
  const balanced = balancers.items().map((balancer) => balancer.get("containerName"));
  if (![balancers, ...balanced].every((field) => stack.check(service).known(field))) {
    return;
  }
  const check = stack.check(definition);
  for (const container of task.containers(check)) {
    if (
      container.get("essential").value !== false &&
      !balanced.some(({ value }) => value === container.get("name").value)
    ) {
      check.expect(container.get("healthCheck", "command"), (value) => Array.isArray(value) && value.length > 0, {
        expected: "a health check, or a load balancer of the service that asks the container",
        fix: 'Set healthCheck: { command: ["CMD", ...] }, or list the container under loadBalancers.',
      });
    }
  }
}
