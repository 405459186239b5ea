import { isDeepStrictEqual } from "node:util";

import { valueAt } from "../plugin.ts";
import type { Context, UpdateRequest } from "../plugin.ts";
import { hasUnknown, isObject, reveal } from "../values.ts";
import type { Json, Path, Properties, Value } from "../values.ts";
import { ApiError } from "./client.ts";
import type { Cluster } from "./cluster.ts";
import { forceAnnotation } from "./create.ts";
import { explain, isConflict } from "./errors.ts";
import { annotationOf, referenceTo } from "./object.ts";
import type { KubeObject, ObjectReference } from "./object.ts";
import { settle } from "./settle.ts";
import { fromApi, plannedState, redactor, stateOf, toApi } from "./state.ts";
import { fieldManagerOf } from "./token.ts";

/**
 * Applies changed inputs, or, in a preview, says what that would make of the object.
 *
 * @throws Error when the API server refuses the change, or others have changed the same fields meanwhile
 * @throws InitializationError when the object does not become ready
 */
export async function update(request: UpdateRequest, cluster: Cluster, context: Context): Promise<Properties> {
  const { newInputs: inputs, oldOutputs, preview } = request;
  const fieldManager = fieldManagerOf(request.urn, oldOutputs);
  const apiVersion = String(oldOutputs["__initialApiVersion"] ?? inputs["apiVersion"]);
  if (preview && hasUnknown(inputs)) {
    return stateOf({ ...oldOutputs, ...plannedState(inputs, { apiVersion, fieldManager }) }, inputs, {
      apiVersion,
      fieldManager,
    });
  }
  const object = toApi(inputs);
  const reference = referenceTo(object);
  try {
    const live = await applyOver(reference, object, { cluster, context, fieldManager, oldOutputs, preview });
    if (preview) return stateOf(fromApi(live), inputs, { apiVersion, fieldManager });
    return await settle({ cluster, context, live, inputs, timeout: request.timeout, fieldManager, apiVersion });
  } catch (error) {
    throw explain(error, reference, redactor(inputs));
  }
}

interface Surroundings {
  cluster: Cluster;
  context: Context;
  fieldManager: string;
  oldOutputs: Properties;
  preview: boolean;
}

/**
 * Applies an object. A field somebody else has changed is taken back only when the state knows their value: then a
 * refresh has shown it, and the plan showed that it would be overwritten.
 */
async function applyOver(
  reference: ObjectReference,
  object: KubeObject,
  surroundings: Surroundings,
): Promise<KubeObject> {
  const { cluster, context, fieldManager, oldOutputs, preview } = surroundings;
  const force = annotationOf(object, forceAnnotation) === "true";
  const options = { fieldManager, dryRun: preview, signal: context.signal };
  try {
    return await cluster.apply(reference, object, { ...options, force });
  } catch (error) {
    if (!(error instanceof ApiError && isConflict(error))) throw error;
    const live = await cluster.get(reference, context.signal);
    if (live === undefined || !knowsConflicts(error, reveal(oldOutputs) as Properties, fromApi(live))) throw error;
    return await cluster.apply(reference, object, { ...options, force: true });
  }
}

function knowsConflicts(conflict: ApiError, state: Properties, live: Properties): boolean {
  return conflict.causes.every(({ field }) => {
    const path = fieldPath(field, live);
    return path !== undefined && isDeepStrictEqual(plain(valueAt(state, path)), plain(valueAt(live, path)));
  });
}

function plain(value: Value | undefined): Json | undefined {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as Json);
}

/**
 * The path a server-side apply conflict names, such as `.spec.template.spec.containers[name="app"].image`; undefined when
 * it leads to nothing in the object. Names may hold dots, so it can only be read along the object.
 */
export function fieldPath(field: string, object: Value | undefined): Path | undefined {
  if (field === "") return [];
  if (field.startsWith("[") && Array.isArray(object)) {
    const end = field.indexOf("]");
    const index = object.findIndex((element) => matches(element, field.slice(1, end)));
    return index < 0 ? undefined : prefixed(index, fieldPath(field.slice(end + 1), object[index]));
  }
  if (!field.startsWith(".") || !isObject(object ?? null)) return undefined;
  for (const [name, value] of Object.entries(object as Properties)) {
    const rest = field.slice(1 + name.length);
    if (field.startsWith(name, 1) && /^$|^[.[]/.test(rest)) {
      const path = prefixed(name, fieldPath(rest, value));
      if (path !== undefined) return path;
    }
  }
  return undefined;
}

function prefixed(step: string | number, path: Path | undefined): Path | undefined {
  return path === undefined ? undefined : [step, ...path];
}

function matches(element: Value, selector: string): boolean {
  if (selector.startsWith("=")) return JSON.stringify(element) === selector.slice(1);
  if (!isObject(element)) return false;
  return [...selector.matchAll(/([^=,]+)=("(?:[^"\\]|\\.)*"|[^,]+)/g)].every(
    ([, key = "", value = ""]) => JSON.stringify(element[key]) === value,
  );
}
