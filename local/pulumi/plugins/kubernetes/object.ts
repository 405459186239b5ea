import type { Json, JsonObject } from "../values.ts";

/** A Kubernetes object as the API server sends it. */
export interface KubeObject extends JsonObject {
  apiVersion: string;
  kind: string;
  metadata: JsonObject;
}

/** Which object is meant. */
export interface ObjectReference {
  apiVersion: string;
  kind: string;
  /** Absent for cluster-scoped objects. */
  namespace?: string;
  name: string;
}

/** The API group of an apiVersion; empty for the core group. */
export function groupOf(apiVersion: string): string {
  return apiVersion.includes("/") ? (apiVersion.split("/")[0] ?? "") : "";
}

/** The id in the state: `<namespace>/<name>`, or `<name>` for cluster-scoped objects. */
export function idOf({ namespace, name }: Pick<ObjectReference, "namespace" | "name">): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** How messages name an object: `Deployment shop/web`. */
export function describe(reference: ObjectReference): string {
  return `${reference.kind} ${idOf(reference)}`;
}

/** What an object's own fields say it is. */
export function referenceTo(object: Pick<KubeObject, "apiVersion" | "kind" | "metadata">): ObjectReference {
  const namespace = stringAt(object, "metadata", "namespace");
  const name = stringAt(object, "metadata", "name") ?? "";
  return { apiVersion: object.apiVersion, kind: object.kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

/** The object at a path, empty when there is none. */
export function objectAt(value: Json | undefined, ...path: string[]): JsonObject {
  const found = at(value, ...path);
  return typeof found === "object" && found !== null && !Array.isArray(found) ? found : {};
}

/** The array at a path, empty when there is none. */
export function arrayAt(value: Json | undefined, ...path: string[]): Json[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The string at a path. */
export function stringAt(value: Json | undefined, ...path: string[]): string | undefined {
  const found = at(value, ...path);
  return typeof found === "string" ? found : undefined;
}

/** The number at a path. */
export function numberAt(value: Json | undefined, ...path: string[]): number | undefined {
  const found = at(value, ...path);
  return typeof found === "number" ? found : undefined;
}

/** A condition of the object's status, by type. */
export function conditionOf(object: Json | undefined, type: string): JsonObject | undefined {
  return arrayAt(object, "status", "conditions")
    .map((condition) => objectAt(condition))
    .find((condition) => condition["type"] === type);
}

/** An annotation of the object. */
export function annotationOf(object: Json | undefined, name: string): string | undefined {
  return stringAt(object, "metadata", "annotations", name);
}

function at(value: Json | undefined, ...path: string[]): Json | undefined {
  let current = value;
  for (const step of path) {
    if (typeof current !== "object" || current === null || Array.isArray(current)) return undefined;
    current = current[step];
  }
  return current;
}
