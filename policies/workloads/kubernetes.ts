import type { Check, Resource } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";

/** Where each of the nine kinds that bear a pod keeps its pod template. */
const TEMPLATES: Readonly<Record<string, readonly string[]>> = {
  Pod: [],
  PodTemplate: ["template"],
  ReplicationController: ["spec", "template"],
  ReplicaSet: ["spec", "template"],
  Deployment: ["spec", "template"],
  DaemonSet: ["spec", "template"],
  StatefulSet: ["spec", "template"],
  Job: ["spec", "template"],
  CronJob: ["spec", "jobTemplate", "spec", "template"],
};

const POD_BEARER = new RegExp(
  `^kubernetes:(?:core|apps|batch|extensions)/v\\w+:(${Object.keys(TEMPLATES).join("|")})$`,
);

/** The pod of a Kubernetes workload, whichever kind wraps it. */
export interface Pod {
  /** Kind of the resource that bears the pod: `Deployment`. */
  kind: string;
  metadata: Field;
  spec: Field;
  /** A Windows pod, to which the Linux security settings do not apply. */
  windows: boolean;
}

/** Which list of the pod a container stands in. */
export type ContainerList = "containers" | "initContainers" | "ephemeralContainers";

export interface Container {
  list: ContainerList;
  field: Field;
}

/** The pod that a resource bears, if it bears one. */
export function podOf({ type, properties }: Resource): Pod | undefined {
  const kind = POD_BEARER.exec(type)?.[1];
  if (kind === undefined) {
    return undefined;
  }
  const template = properties.get(...(TEMPLATES[kind] ?? []));
  const spec = template.get("spec");
  return { kind, metadata: template.get("metadata"), spec, windows: spec.get("os", "name").value === "windows" };
}

/** Where a resource of this type keeps its pod template, if it bears a pod. */
export function templatePath(type: string): readonly string[] | undefined {
  return TEMPLATES[POD_BEARER.exec(type)?.[1] ?? ""];
}

/** The pod's containers: ordinary, init and ephemeral ones unless only some lists are asked for. */
export function containersOf(
  check: Check,
  pod: Pod,
  lists: readonly ContainerList[] = ["containers", "initContainers", "ephemeralContainers"],
): Container[] {
  return lists.flatMap((list) => check.items(pod.spec.get(list)).map((field) => ({ list, field })));
}

/** A resource's kind if it is of the given Kubernetes API group (`core` for the first one). */
export function kubernetesKind({ type }: Resource, group: string): string | undefined {
  const [provider, version, kind] = type.split(":");
  return provider === "kubernetes" && version?.split("/")[0] === group ? kind : undefined;
}
