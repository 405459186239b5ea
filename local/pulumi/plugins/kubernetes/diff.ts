import { isDeepStrictEqual } from "node:util";

import { valueAt } from "../plugin.ts";
import type { DiffRequest, DiffResult, PropertyChange } from "../plugin.ts";
import { isObject, reveal, unknown } from "../values.ts";
import type { Path, Properties, Value } from "../values.ts";
import { normalise } from "./check.ts";
import { isImmutable } from "./immutable.ts";
import type { Mutability } from "./immutable.ts";
import { groupOf } from "./object.ts";
import { autonamedAnnotation } from "./token.ts";

/**
 * What an `up` would change, and whether in place: the inputs of the last `up` (or what a refresh found in their place)
 * against the inputs of the program. Preview and `up` compute it alike, from nothing but state and program.
 */
export function diff(request: DiffRequest, mutability: Mutability): DiffResult {
  const olds = lastInputs(request.oldOutputs, request.oldInputs);
  const news = reveal(normalise(request.newInputs)) as Properties;
  const subject = {
    apiVersion: String(news["apiVersion"]),
    kind: String(news["kind"]),
    immutable: olds["immutable"] === true,
  };
  const otherGroup = groupOf(String(olds["apiVersion"] ?? news["apiVersion"])) !== groupOf(subject.apiVersion);
  const changes = compare(olds, news).map((change): PropertyChange => {
    const replace = isImmutable(subject, change.path, mutability) || (otherGroup && change.path[0] === "apiVersion");
    return replace ? { ...change, replace } : change;
  });
  const replaced = changes.some(({ replace }) => replace);
  return { changes, deleteBeforeReplace: replaced && !changesIdentity(olds, news) && !isAutonamed(news) };
}

/** The inputs the object was last applied with, as its state keeps them. */
export function lastInputs(outputs: Properties, inputs: Properties): Properties {
  const kept = outputs["__inputs"];
  return reveal(normalise(isObject(kept ?? null) ? (kept as Properties) : inputs)) as Properties;
}

function changesIdentity(olds: Properties, news: Properties): boolean {
  return (["name", "namespace"] as const).some(
    (field) => !isDeepStrictEqual(valueAt(olds, ["metadata", field]), valueAt(news, ["metadata", field])),
  );
}

function isAutonamed(inputs: Properties): boolean {
  return valueAt(inputs, ["metadata", "annotations", autonamedAnnotation]) === "true";
}

/** The differences between two values without secret marks, in the order of their names. */
export function compare(old: Value | undefined, next: Value | undefined, path: Path = []): PropertyChange[] {
  if (old === undefined && next === undefined) return [];
  if (old === undefined) return [{ path, kind: "add" }];
  if (next === undefined) return [{ path, kind: "delete" }];
  if (isObject(old) && isObject(next)) {
    const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].sort();
    return names.flatMap((name) => compare(own(old, name), own(next, name), [...path, name]));
  }
  if (Array.isArray(old) && Array.isArray(next)) {
    const length = Math.max(old.length, next.length);
    return Array.from({ length }, (_, index) => compare(old[index], next[index], [...path, index])).flat();
  }
  return next !== unknown && Object.is(old, next) ? [] : [{ path, kind: "update" }];
}

function own(object: Properties, name: string): Value | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
