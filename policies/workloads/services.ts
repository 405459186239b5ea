import type { Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { kubernetesKind, podOf } from "./kubernetes.ts";
import { mapMatches } from "./selectors.ts";

/** The namespace of a Kubernetes resource; undefined while it is not known. */
export function namespaceOf({ properties }: Resource): string | undefined {
  const namespace = properties.get("metadata", "namespace");
  return namespace.unknown ? undefined : textOf(namespace.value) || "default";
}

/** The Services of a stack. */
export function servicesOf(stack: Stack): StackResource[] {
  return stack.resources.filter((resource) => kubernetesKind(resource, "core") === "Service");
}

/** The Services of a namespace that bear a name. */
export function namedServices(stack: Stack, namespace: string | undefined, name: Field): StackResource[] {
  return servicesOf(stack).filter(
    (service) =>
      namespaceOf(service) === namespace &&
      !name.unknown &&
      textOf(service.properties.get("metadata", "name").value) === textOf(name.value),
  );
}

/** The workloads whose pods a Service leads to. */
export function workloadsBehind(stack: Stack, service: StackResource): StackResource[] {
  const selector = service.properties.get("spec", "selector");
  return selector.entries().length === 0
    ? []
    : stack.resources.filter((resource) => {
        const pod = podOf(resource);
        return (
          pod !== undefined &&
          namespaceOf(resource) === namespaceOf(service) &&
          mapMatches(selector, pod.metadata.get("labels")) === true
        );
      });
}

/** A Service that is reached from outside the cluster by itself. */
export function isExposed({ properties }: Resource): boolean {
  return ["NodePort", "LoadBalancer"].includes(textOf(properties.get("spec", "type").value));
}
