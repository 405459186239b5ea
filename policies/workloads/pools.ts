import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { ECS_SERVICE, isReplicated, scalersOf } from "./copies.ts";
import { taskOf } from "./ecs.ts";
import { podOf } from "./kubernetes.ts";
import { refersTo } from "./links.ts";
import { containerVariables } from "./variables.ts";

/** A workload with the literal variables of its containers. */
export interface Client {
  resource: StackResource;
  /** The resource that sets its variables: itself, or a task definition. */
  holder: StackResource;
  variables: ReadonlyMap<string, Field>;
  /** Copies that run at most, those of a rolling update included; undefined while that is not known. */
  copies: number | undefined;
}

/** The services and jobs of a stack; what is not known yet is reported where it stands. */
export function clientsOf(stack: Stack): Client[] {
  return stack.resources.flatMap((resource) => {
    const kind = podOf(resource)?.kind;
    const job = kind === "Job" || kind === "CronJob";
    if (!isReplicated(resource) && !job) {
      return [];
    }
    const holder = resource.type === ECS_SERVICE ? taskDefinitionOf(stack, resource) : resource;
    if (holder === undefined) {
      return [];
    }
    const variables = containerVariables(stack.check(holder), holder).map(({ name, value }) => [name, value] as const);
    return [{ resource, holder, variables: new Map(variables), copies: job ? 1 : mostCopies(stack, resource) }];
  });
}

function taskDefinitionOf(stack: Stack, service: StackResource): StackResource | undefined {
  const named = service.properties.get("taskDefinition");
  return stack.resources.find(
    (one) => taskOf(one) !== undefined && refersTo(service, named, one, ["arn", "family", "id"]),
  );
}

/** How many copies run at most, during a rolling update too. */
export function mostCopies(stack: Stack, workload: StackResource): number | undefined {
  const { properties, type } = workload;
  const [scaler] = scalersOf(stack, workload);
  const onEcs = type === ECS_SERVICE;
  const from = scaler ?? workload;
  const most = onEcs
    ? from.properties.get(scaler ? "maxCapacity" : "desiredCount")
    : from.properties.get("spec", scaler ? "maxReplicas" : "replicas");
  if (!stack.check(from).known(most)) {
    return undefined;
  }
  const count = Number(most.value ?? (onEcs ? 0 : 1));
  if (onEcs) {
    const percent = properties.get("deploymentMaximumPercent");
    return stack.check(workload).known(percent) ? Math.floor((count * Number(percent.value ?? 200)) / 100) : undefined;
  }
  const strategy = properties.get("spec", "strategy");
  if (podOf(workload)?.kind !== "Deployment" || strategy.get("type").value === "Recreate" || count === 0) {
    return count;
  }
  const surge = strategy.get("rollingUpdate", "maxSurge");
  return stack.check(workload).known(surge) ? count + surgeOf(textOf(surge.value ?? "25%"), count) : undefined;
}

/** A number, or a part of the copies, rounded up as Kubernetes does. */
function surgeOf(text: string, count: number): number {
  return text.endsWith("%") ? Math.ceil((count * Number.parseFloat(text)) / 100) : Number(text);
}
