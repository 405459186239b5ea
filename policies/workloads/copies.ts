import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackIndex, StackResource } from "../frame/stack.ts";
import { kubernetesKind } from "./kubernetes.ts";

export const ECS_SERVICE = "aws:ecs/service:Service";
export const SCALING_TARGET = "aws:appautoscaling/target:Target";

/** Kinds of which a number of copies runs for long. */
const REPLICATED = ["Deployment", "StatefulSet", "ReplicaSet", "ReplicationController"];

/** How many copies of a workload run at least. */
export interface Copies {
  /** Where the number stands. */
  field: Field;
  /** The resource in which it stands: the workload, or what scales it. */
  resource: StackResource;
  /** Undefined when it is not known yet. */
  count: number | undefined;
}

/** The workloads of a stack of which a number of copies runs: Kubernetes workloads and ECS services. */
export function replicatedOf(stack: Stack): StackResource[] {
  return stack.resources.filter((resource) => isReplicated(resource));
}

export function isReplicated({ type, properties }: Resource): boolean {
  const match = /^kubernetes:(?:core|apps|extensions)\/v\w+:(\w+)$/.exec(type);
  return match === null
    ? type === ECS_SERVICE && properties.get("schedulingStrategy").value !== "DAEMON"
    : REPLICATED.includes(match[1] ?? "");
}

/** How many copies run at least: as an autoscaler says, else as the workload does, else the platform's default. */
export function copiesOf(stack: Stack, workload: StackResource): Copies {
  const [scaler] = scalersOf(stack, workload);
  const onEcs = workload.type === ECS_SERVICE;
  const resource = scaler ?? workload;
  const { properties } = resource;
  const field = scaler
    ? properties.get(...(onEcs ? ["minCapacity"] : ["spec", "minReplicas"]))
    : properties.get(...(onEcs ? ["desiredCount"] : ["spec", "replicas"]));
  const lax = onEcs ? 0 : 1;
  return { field, resource, count: field.unknown ? undefined : Number(field.value ?? lax) };
}

/** The autoscalers of a workload: horizontal ones of Kubernetes, targets of Application Auto Scaling. */
export function scalersOf(stack: Stack, workload: StackResource): readonly StackResource[] {
  return stack.index.derive(scalersByWorkload).get(workload) ?? [];
}

/** Where a workload of Kubernetes lives and how it is called; undefined while that is not known. */
export function placeOf({ properties }: Resource): string | undefined {
  const [namespace, name] = [properties.get("metadata", "namespace"), properties.get("metadata", "name")];
  return namespace.unknown || textOf(name.value) === ""
    ? undefined
    : `${textOf(namespace.value) || "default"}/${textOf(name.value)}`;
}

/** Whether it is a horizontal autoscaler. */
export function isAutoscaler(resource: Resource): boolean {
  return kubernetesKind(resource, "autoscaling") === "HorizontalPodAutoscaler";
}

/** The workload that an autoscaler or scaling target names, if the stack makes it. */
export function scaledBy(index: StackIndex, scaler: StackResource): StackResource | undefined {
  return [...index.derive(scalersByWorkload)].find(([, scalers]) => scalers.includes(scaler))?.[0];
}

function scalersByWorkload({ resources }: StackIndex): Map<StackResource, StackResource[]> {
  const found = new Map<StackResource, StackResource[]>();
  const scalers = resources.filter((resource) => isAutoscaler(resource) || resource.type === SCALING_TARGET);
  for (const workload of scalers.length > 0 ? resources.filter((resource) => isReplicated(resource)) : []) {
    const own = scalers.filter((scaler) => names(scaler, workload));
    if (own.length > 0) {
      found.set(workload, own);
    }
  }
  return found;
}

function names(scaler: StackResource, workload: StackResource): boolean {
  const { properties } = scaler;
  if (workload.type === ECS_SERVICE) {
    const target = properties.get("resourceId");
    const service = textOf(workload.properties.get("name").value);
    const derived = (scaler.propertyDependencies["resourceId"] ?? []).includes(workload.urn);
    return target.unknown ? derived : service !== "" && textOf(target.value).endsWith(`/${service}`);
  }
  const target = properties.get("spec", "scaleTargetRef");
  const namespace = textOf(properties.get("metadata", "namespace").value) || "default";
  return (
    target.get("kind").value === workload.type.split(":").at(-1) &&
    placeOf(workload) === `${namespace}/${textOf(target.get("name").value)}`
  );
}

/** Whether two or more copies run; what is not known yet is reported and is no copy. */
export function isMultiple(check: Check, { field, count }: Copies): boolean {
  return check.known(field) && (count ?? 0) > 1;
}
