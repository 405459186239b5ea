import type { z } from "zod";
import { describe } from "./redact.ts";
import { isRecord } from "./field.ts";
import type { Policy } from "./policy.ts";

/** What is wrong with a configuration, each as a sentence: where, what, and what is allowed. */
export function sentences(
  issues: readonly z.core.$ZodIssue[],
  value: unknown,
  policies: readonly Policy[],
  at: readonly PropertyKey[] = [],
): string[] {
  return issues.flatMap((issue) => {
    const path = [...at, ...issue.path];
    const where = path.length === 0 ? "the configuration" : pathText(path);
    const found = valueAt(value, path);
    switch (issue.code) {
      case "unrecognized_keys":
        return issue.keys.map((key) => `${pathText([...path, key])}: ${unknownKey(path, key, policies)}`);
      case "invalid_union": {
        // A text is meant to be a level, everything else an entry.
        const [level = [], entry = []] = issue.errors;
        return sentences(typeof found === "string" ? level : entry, value, policies, path);
      }
      case "invalid_value":
        return [`${where}: it is ${describe(found)}; allowed are ${issue.values.map(String).join(", ")}.`];
      case "invalid_type":
        return [
          found === undefined
            ? `${where}: it is missing; give ${withArticle(issue.expected)}.`
            : `${where}: it is ${describe(found)}; give ${withArticle(issue.expected)}.`,
        ];
      default:
        return [
          `${where}: it is ${describe(found)}; ${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}.`,
        ];
    }
  });
}

function unknownKey(path: readonly PropertyKey[], key: string, policies: readonly Policy[]): string {
  const [first, name, part] = path;
  if (first === "policies" && name === undefined) {
    const names = policies.map((policy) => policy.name);
    const nearest = nearestOf(key, names);
    return nearest === undefined ? "there is no such policy." : `there is no such policy; did you mean ${nearest}?`;
  }
  const policy = policies.find((candidate) => first === "policies" && candidate.name === name);
  if (policy !== undefined && part === "parameters") {
    const names = Object.keys(policy.parameters);
    return `${policy.id} has no such parameter; ${names.length === 0 ? "it has none" : `allowed are ${names.join(", ")}`}.`;
  }
  return "it is not known; remove it.";
}

function withArticle(type: string): string {
  const words: Record<string, string> = {
    int: "a whole number",
    array: "a list",
    record: "an object",
    object: "an object",
  };
  return words[type] ?? `a ${type}`;
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`))
    .join("")
    .replace(/^\./, "");
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((inner, part) => {
    if (Array.isArray(inner)) {
      return inner[Number(part)] as unknown;
    }
    return isRecord(inner) ? inner[String(part)] : undefined;
  }, value);
}

/** The name that differs in the fewest letters, if that is at most a third of them. */
function nearestOf(text: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, distance: distance(text, name) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best !== undefined && best.distance <= Math.max(text.length, best.name.length) / 3 ? best.name : undefined;
}

/** How many letters have to be added, removed or changed to make one text of the other. */
function distance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of [...a].entries()) {
    const current = [row + 1];
    for (const [column, other] of [...b].entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      current.push(Math.min(replaced, (previous[column + 1] ?? 0) + 1, (current[column] ?? 0) + 1));
    }
    previous = current;
  }
  return previous[b.length] ?? 0;
}
