import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { taskOf } from "./ecs.ts";
import { containersOf, kubernetesKind, podOf } from "./kubernetes.ts";

/** An environment variable of a container, or an entry of a ConfigMap that may become one. */
export interface Variable {
  name: string;
  /** The literal value; absent when the value comes from a reference. */
  value: Field;
  /** The value comes from a secret, a ConfigMap or the pod itself. */
  bound: boolean;
}

/** The variables that a resource sets, with literals and references; what is unknown is reported. */
export function variablesOf(check: Check, resource: Resource): Variable[] {
  return [...containerVariables(check, resource), ...configMapEntries(check, resource)];
}

/** The variables of the containers of a pod or an ECS task. */
export function containerVariables(check: Check, resource: Resource): Variable[] {
  const pod = podOf(resource);
  const ofPod = pod ? containersOf(check, pod).flatMap(({ field }) => listed(check, field.get("env"))) : [];
  const ofTask = (taskOf(resource)?.containers(check) ?? []).flatMap((container) =>
    ["environment", "secrets"].flatMap((list) => listed(check, container.get(list))),
  );
  return [...ofPod, ...ofTask];
}

function configMapEntries(check: Check, resource: Resource): Variable[] {
  return kubernetesKind(resource, "core") === "ConfigMap"
    ? check.entries(resource.properties.get("data")).map(([name, value]) => ({ name, value, bound: false }))
    : [];
}

function listed(check: Check, list: Field): Variable[] {
  return check
    .items(list)
    .filter((variable) => check.known(variable.get("name")))
    .map((variable) => ({
      name: textOf(variable.get("name").value),
      value: variable.get("value"),
      bound: !variable.get("valueFrom").absent,
    }));
}
