import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { taskOf } from "./ecs.ts";
import { containersOf, podOf } from "./kubernetes.ts";
import { refersTo } from "./links.ts";

/** How a job is started: once for a release, or by a schedule. */
export type JobKind = "once" | "scheduled";

/** A container that runs to an end, with all that tells what it does. */
export interface Job {
  kind: JobKind;
  /** The Job, CronJob or task definition. */
  resource: StackResource;
  /** What starts it by time; the resource itself on Kubernetes. */
  starter: StackResource;
  /** Names, images, commands, arguments and the values of variables. */
  words: readonly string[];
  /** Some of it is not known yet. */
  unknown: boolean;
  schedule: Field | undefined;
  suspended: Field | undefined;
}

const SCHEDULE = "aws:scheduler/schedule:Schedule";
const TARGET = "aws:cloudwatch/eventTarget:EventTarget";
const RULE = "aws:cloudwatch/eventRule:EventRule";
const INVOCATION = "aws:lambda/invocation:Invocation";

/** The jobs of a stack: of Kubernetes, and tasks of ECS that a schedule or a release starts. */
export function jobsOf(stack: Stack): Job[] {
  return stack.resources.flatMap((resource) => {
    const pod = podOf(resource);
    if (pod?.kind === "Job" || pod?.kind === "CronJob") {
      const check = stack.check(resource);
      const read = wordsOf(
        check,
        resource,
        containersOf(check, pod).map(({ field }) => field),
      );
      const schedule = pod.kind === "CronJob" ? resource.properties.get("spec", "schedule") : undefined;
      const suspended = schedule && resource.properties.get("spec", "suspend");
      return [{ kind: schedule ? "scheduled" : "once", resource, starter: resource, ...read, schedule, suspended }];
    }
    const task = taskOf(resource);
    return task === undefined ? [] : tasksOf(stack, resource, task.containers(stack.check(resource)));
  });
}

function tasksOf(stack: Stack, resource: StackResource, containers: readonly Field[]): Job[] {
  const read = wordsOf(stack.check(resource), resource, containers);
  const names = ["arn", "family"];
  const named = (from: StackResource, field: Field) => refersTo(from, field, resource, names);
  const scheduled = stack.index.ofType(SCHEDULE).filter((one) => {
    return named(one, one.properties.get("target", "ecsParameters", "taskDefinitionArn"));
  });
  const targets = stack.index.ofType(TARGET).filter((one) => {
    return named(one, one.properties.get("ecsTarget", "taskDefinitionArn"));
  });
  const rules = stack.index.ofType(RULE).filter((rule) => {
    return targets.some((target) => refersTo(target, target.properties.get("rule"), rule, ["name", "id"]));
  });
  const runs = stack.index.ofType(INVOCATION).filter((one) => {
    return ["input", "triggers"].some((property) => named(one, one.properties.get(property)));
  });
  return [
    ...[...scheduled, ...rules].map((starter) => ({
      kind: "scheduled" as const,
      resource,
      starter,
      ...read,
      schedule: starter.properties.get("scheduleExpression"),
      suspended: starter.properties.get("state"),
    })),
    ...runs.map((starter) => ({
      kind: "once" as const,
      resource,
      starter,
      ...read,
      schedule: undefined,
      suspended: undefined,
    })),
  ];
}

function wordsOf(check: Check, { name, properties }: Resource, containers: readonly Field[]) {
  const lists = (container: Field, keys: readonly string[]) =>
    keys.map((key) => container.get(key)).flatMap((list) => (check.known(list) ? list.items() : [list]));
  const parts = containers.flatMap((container) => [
    container.get("name"),
    container.get("image"),
    ...lists(container, ["command", "args", "entryPoint"]),
    ...lists(container, ["env", "environment"]).flatMap((one) => [one.get("name"), one.get("value")]),
  ]);
  const unknown = parts.some((part) => part.unknown) || properties.get("containerDefinitions").unknown;
  const texts = [name, textOf(properties.get("metadata", "name").value), ...parts.map(({ value }) => textOf(value))];
  return { words: texts.filter((text) => text !== ""), unknown };
}
