import type { Check, Resource } from "../frame/check.ts";
import { Field, isRecord } from "../frame/field.ts";

/** The type of a task definition. */
export const TASK_DEFINITION = "aws:ecs/taskDefinition:TaskDefinition";

/** An ECS task definition. */
export interface Task {
  properties: Field;
  /** A Windows task, to which the Linux security settings do not apply. */
  windows: boolean;
  /** The container definitions; unknown or unreadable ones are reported. */
  containers: (check: Check) => Field[];
}

/** The task that a resource defines, if it is a task definition. */
export function taskOf({ type, properties }: Resource): Task | undefined {
  if (type !== TASK_DEFINITION) {
    return undefined;
  }
  const family = properties.get("runtimePlatform", "operatingSystemFamily").value;
  return {
    properties,
    windows: typeof family === "string" && family.toUpperCase().startsWith("WINDOWS"),
    containers: (check) => containersOf(check, properties.get("containerDefinitions")),
  };
}

/** The document is text: one unknown value inside makes all of it unknown. */
function containersOf(check: Check, field: Field): Field[] {
  if (!check.known(field)) {
    return [];
  }
  const containers = typeof field.value === "string" ? parse(field.value) : undefined;
  if (!Array.isArray(containers)) {
    check.object(field, {
      found: "text that cannot be read",
      expected: "container definitions as a JSON list",
      fix: "Build the document with JSON.stringify.",
    });
    return [];
  }
  return new Field(field.path, containers).items();
}

/** The same document is asked for by every policy in turn. */
let last: { text: string; value: unknown } = { text: "", value: undefined };

function parse(text: string): unknown {
  if (text !== last.text) {
    try {
      last = { text, value: lowerKeys(JSON.parse(text)) };
    } catch {
      last = { text, value: undefined };
    }
  }
  return last.value;
}

/** AWS reads `Image` as `image`, so a rule that did not would be easy to walk around. */
function lowerKeys(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(lowerKeys);
  }
  if (!isRecord(value)) {
    return value;
  }
  const entries = Object.entries(value).map(([key, item]) => {
    return [key.charAt(0).toLowerCase() + key.slice(1), lowerKeys(item)] as const;
  });
  return Object.fromEntries(entries);
}
