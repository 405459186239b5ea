import { setTimeout as sleep } from "node:timers/promises";

import type { Context, CreateRequest } from "../plugin.ts";
import { hasUnknown, isObject } from "../values.ts";
import type { Json, Properties } from "../values.ts";
import { ApiError } from "./client.ts";
import type { Cluster } from "./cluster.ts";
import { explain, isImmutableChange } from "./errors.ts";
import { annotationOf, arrayAt, describe, idOf, objectAt, referenceTo } from "./object.ts";
import type { KubeObject, ObjectReference } from "./object.ts";
import { settle } from "./settle.ts";
import { dryRunState, fromApi, plannedState, redactor, toApi } from "./state.ts";
import { fieldManagerOf } from "./token.ts";

/** The annotation that lets a resource take fields over from others. */
export const forceAnnotation = "pulumi.com/patchForce";

/**
 * Creates an object and waits until it is ready. An object that an interrupted `up` of the same resource has left
 * behind is taken over.
 *
 * @throws Error when an object of that name belongs to somebody else, or the API server refuses it
 * @throws InitializationError when the object exists but does not become ready
 */
export async function create(
  request: CreateRequest,
  cluster: Cluster,
  context: Context,
): Promise<{ id: string; outputs: Properties }> {
  const object = toApi(request.inputs);
  const reference = referenceTo(object);
  const fieldManager = fieldManagerOf(request.urn);
  const { signal } = context;
  try {
    await cluster.discovery.require(reference.apiVersion, reference.kind, signal);
    const existing = await absentOrStaying(cluster, reference, context);
    const force = annotationOf(object, forceAnnotation) === "true";
    if (existing && !force && !isManagedBy(existing, fieldManager)) throw alreadyExists(reference);
    const live = await cluster.apply(reference, object, { fieldManager, force, signal });
    const outputs = await settle({
      cluster,
      context,
      live,
      inputs: request.inputs,
      timeout: request.timeout,
      fieldManager,
      apiVersion: reference.apiVersion,
    });
    return { id: idOf(reference), outputs };
  } catch (error) {
    throw explain(error, reference, redactor(request.inputs));
  }
}

/**
 * Says what a creation would make, by a dry run where that is possible.
 *
 * @throws Error when the API server would refuse the object
 */
export async function previewCreate(request: CreateRequest, cluster: Cluster, context: Context): Promise<Properties> {
  const { inputs, urn } = request;
  const kept = { apiVersion: String(inputs["apiVersion"]), fieldManager: fieldManagerOf(urn) };
  if (hasUnknown(inputs)) return plannedState(inputs, kept);
  const object = toApi(inputs);
  const reference = referenceTo(object);
  if ((await cluster.discovery.find(reference.apiVersion, reference.kind)) === undefined)
    return plannedState(inputs, kept);
  const apply = async (as: ObjectReference, what: KubeObject): Promise<KubeObject> =>
    await cluster.apply(as, what, {
      fieldManager: kept.fieldManager,
      force: true,
      dryRun: true,
      signal: context.signal,
    });
  try {
    const existing = await cluster.get(reference, context.signal);
    const force = annotationOf(object, forceAnnotation) === "true";
    if (existing && !force && !isManagedBy(existing, kept.fieldManager)) throw alreadyExists(reference);
    return dryRunState(fromApi(await apply(reference, object)), inputs, kept);
  } catch (error) {
    if (!isAboutItsPlace(error)) throw explain(error, reference, redactor(inputs));
  }
  // A definition cannot have another name, and its replacement is checked when the old one has gone.
  if (reference.kind === "CustomResourceDefinition") return plannedState(inputs, kept);
  const elsewhere = probe(object, reference);
  try {
    await apply(elsewhere.reference, elsewhere.object);
  } catch (error) {
    if (saysInvalid(error)) throw explain(error, reference, redactor(inputs));
  }
  return plannedState(inputs, kept);
}

/** Whether the dry run failed for its place only: the namespace is yet to come, or the object is yet to be replaced. */
function isAboutItsPlace(error: unknown): boolean {
  return isImmutableChange(error) || (error instanceof ApiError && error.status === 404);
}

function saysInvalid(error: unknown): boolean {
  return error instanceof ApiError && [400, 422].includes(error.status) && !/already allocated/.test(error.message);
}

/** The same object under a name that is free and in a namespace that exists: its fields can be checked there. */
function probe(object: KubeObject, reference: ObjectReference): { object: KubeObject; reference: ObjectReference } {
  const place = {
    name: `dry-run-${process.pid}`,
    ...(reference.namespace === undefined ? {} : { namespace: "default" }),
  };
  return { object: { ...object, metadata: { ...object.metadata, ...place } }, reference: { ...reference, ...place } };
}

/** Whether the manager has applied fields of the object. */
export function isManagedBy(object: KubeObject, fieldManager: string): boolean {
  return arrayAt(object, "metadata", "managedFields").some(
    (entry: Json) => objectAt(entry)["manager"] === fieldManager,
  );
}

function alreadyExists(reference: ObjectReference): Error {
  return new Error(
    `${describe(reference)} exists already and is not managed by this stack; import it ` +
      `(\`import: "${idOf(reference)}"\`), delete it, or choose another name.`,
  );
}

/** The object that exists, once one that is being deleted has gone. */
async function absentOrStaying(
  cluster: Cluster,
  reference: ObjectReference,
  { signal, log }: Context,
): Promise<KubeObject | undefined> {
  for (;;) {
    const existing = await cluster.get(reference, signal);
    if (existing === undefined || !isObject(existing.metadata) || existing.metadata["deletionTimestamp"] === undefined)
      return existing;
    log("status", `waiting until the old ${describe(reference)} is gone`);
    await sleep(1000, undefined, { signal });
  }
}
