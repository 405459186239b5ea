import type { Resource } from "../frame/check.ts";
import { isRecord, textOf } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import type { BySystem } from "./by-system.ts";
import { podOf } from "./kubernetes.ts";
import { systemOf } from "./system.ts";

export const ECS_SERVICE = "aws:ecs/service:Service";

const AWS_PROVIDER = "pulumi:providers:aws";
/** Kinds whose pods run until someone stops them. */
const LASTING = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Pod"];
/** What a workload is called that is no service of its own. */
const INFRASTRUCTURE = ["database", "cache", "queue", "monitoring", "tracing", "logging", "backup"];

/** The system of a resource: as it says itself, else the one that the stack's providers tag everything in AWS with. */
export function systemIn(stack: Stack, resource: Resource): string | undefined {
  return systemOf(resource) ?? (resource.type.startsWith("aws:") ? taggedSystem(stack) : undefined);
}

/** The value of a table for a resource of a stack. */
export function valueIn<T>(table: BySystem<T>, stack: Stack, resource: Resource): T | undefined {
  const system = systemIn(stack, resource);
  return system !== undefined && Object.hasOwn(table, system) ? table[system] : table["default"];
}

/** The ECS services and the Kubernetes workloads that run for long. */
export function lastingWorkloads(stack: Stack): StackResource[] {
  return stack.resources.filter((resource) => {
    const kind = podOf(resource)?.kind;
    return resource.type === ECS_SERVICE || (kind !== undefined && LASTING.includes(kind));
  });
}

/** The workloads that run a system's own code: no databases, caches or servers that watch the others. */
export function services(stack: Stack): StackResource[] {
  return lastingWorkloads(stack).filter((resource) => {
    const labels = podOf(resource)?.metadata.get("labels");
    const component = textOf(labels?.get("app.kubernetes.io/component").value);
    return !INFRASTRUCTURE.includes(component);
  });
}

/** Workloads by the system that they belong to; those of no known system are left out. */
export function bySystemIn(stack: Stack, workloads: readonly StackResource[]): Map<string, StackResource[]> {
  const groups = new Map<string, StackResource[]>();
  for (const workload of [...workloads].sort((a, b) => (a.urn < b.urn ? -1 : 1))) {
    const system = systemIn(stack, workload);
    if (system !== undefined) {
      groups.set(system, [...(groups.get(system) ?? []), workload]);
    }
  }
  return groups;
}

/** The one system that AWS providers of the stack name as a default tag. */
function taggedSystem(stack: Stack): string | undefined {
  const names = stack.resources
    .filter(({ type }) => type === AWS_PROVIDER)
    .map(({ properties }) => tagOf(properties.get("defaultTags").value, "system"))
    .filter((name) => name !== "");
  return new Set(names).size === 1 ? names[0] : undefined;
}

/** Providers keep maps as JSON texts. */
function tagOf(value: unknown, name: string): string {
  const tags = isRecord(value) ? value : parse(textOf(value));
  const inner = isRecord(tags) ? tags["tags"] : undefined;
  return isRecord(inner) ? textOf(inner[name]) : "";
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
