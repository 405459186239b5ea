import type { Check } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { taskOf, type Task } from "../workloads/ecs.ts";
import { containersOf, podOf } from "../workloads/kubernetes.ts";
import { readQuantity } from "../workloads/quantity.ts";

/** A container without a request is placed blindly; one without a limit can starve its neighbours. */
export const resLimits = definePolicy({
  id: "POL-RES-LIMITS",
  title: "CPU and memory requests and limits set",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { nsa: ["C-0270", "C-0271"] },
  requirements: ["WS-SEC-27", "EB-SEC-34"],
  remediation: "State CPU and memory of the service in its specification.",
  check(check, resource) {
    const pod = podOf(resource);
    if (pod) {
      // Ephemeral containers cannot have resources.
      for (const { field } of containersOf(check, pod, ["containers", "initContainers"])) {
        checkResources(check, field.get("resources"));
      }
    }
    const task = taskOf(resource);
    if (task) {
      checkTask(check, task);
    }
  },
});

function checkResources(check: Check, resources: Field): void {
  for (const kind of ["cpu", "memory"]) {
    const request = resources.get("requests", kind);
    const limit = resources.get("limits", kind);
    expectAmount(check, request);
    expectAmount(check, limit);
    const [requested, allowed] = [readQuantity(request.value), readQuantity(limit.value)];
    if (requested !== undefined && allowed !== undefined && requested > allowed) {
      check.object(request, { expected: `at most the limit ${String(limit.value)}` });
    }
  }
}

function checkTask(check: Check, { properties, containers }: Task): void {
  for (const kind of ["cpu", "memory"]) {
    expectAmount(check, properties.get(kind));
  }
  for (const container of containers(check)) {
    for (const kind of ["cpu", "memory"]) {
      expectAmount(check, container.get(kind));
    }
  }
}

function expectAmount(check: Check, field: Field): void {
  check.expect(field, isAmount, { expected: "an amount above 0" });
}

/** Fargate also takes sizes with a unit: "0.5 vCPU", "1 GB". */
function isAmount(value: unknown): boolean {
  const plain = typeof value === "string" ? value.replace(/\s*(?:vCPU|GB)$/i, "") : value;
  return (readQuantity(plain) ?? 0) > 0;
}
