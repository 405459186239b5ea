import { isDeepStrictEqual } from "node:util";

import type { Context, ReadRequest } from "../plugin.ts";
import { isObject, markSecrets, reveal } from "../values.ts";
import type { Properties, Value } from "../values.ts";
import type { Cluster } from "./cluster.ts";
import { lastInputs } from "./diff.ts";
import { explain } from "./errors.ts";
import type { KubeObject, ObjectReference } from "./object.ts";
import { fromApi, redactor, secretsOf, stateOf, toApi } from "./state.ts";
import { fieldManagerOf, kindOf } from "./token.ts";

/**
 * Reads an object for a refresh, an import or a `get`. Its inputs are those of the last `up`, with the live value in
 * place of each that has been changed since; without a state they are everything the object says of itself.
 */
export async function read(
  request: ReadRequest,
  cluster: Cluster,
  context: Context,
): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined> {
  const known = lastInputs(request.outputs, request.inputs);
  const reference = referenceOf(request, known);
  try {
    if (
      reference.namespace === undefined &&
      (await cluster.discovery.isNamespaced(reference.apiVersion, reference.kind))
    ) {
      reference.namespace = cluster.connection.namespace;
    }
    const live = await cluster.get(reference, context.signal);
    if (live === undefined) return undefined;
    const fieldManager = fieldManagerOf(request.urn, request.outputs);
    const imported = Object.keys(known).length === 0 || known["metadata"] === undefined;
    const plain = imported
      ? importedInputs(live)
      : drifted(known, await expected(known, live, cluster, context), fromApi(live));
    const inputs = { ...plain, apiVersion: reference.apiVersion, kind: reference.kind } as Properties;
    const secrets = [...secretsOf(request.inputs), ...secretsOf(inputs)];
    const marked = markSecrets(inputs, secrets) as Properties;
    const apiVersion = String(request.outputs["__initialApiVersion"] ?? reference.apiVersion);
    return { id: request.id, inputs: marked, outputs: stateOf(fromApi(live), marked, { apiVersion, fieldManager }) };
  } catch (error) {
    throw explain(error, reference, redactor(request.inputs));
  }
}

/** The object an id of the state means. */
export function referenceOf(request: Pick<ReadRequest, "id" | "type">, inputs: Properties): ObjectReference {
  const parts = request.id.split("/");
  const name = parts.at(-1) ?? "";
  const namespace = parts.length > 1 ? { namespace: parts[0] ?? "" } : {};
  return { ...kindOf(request.type, inputs), name, ...namespace };
}

function importedInputs(live: KubeObject): Properties {
  const { status: _, ...inputs } = fromApi(live);
  const metadata = inputs["metadata"] as Properties;
  const own = ["annotations", "finalizers", "labels", "name", "namespace"].filter((name) => name in metadata);
  return { ...inputs, metadata: Object.fromEntries(own.map((name) => [name, metadata[name] ?? null])) };
}

/**
 * What the object would be if the known inputs were applied once more: where the live object is equal, nothing has been
 * changed, however the API server writes the value ("1000m" as "1").
 */
async function expected(
  known: Properties,
  live: KubeObject,
  cluster: Cluster,
  { signal }: Context,
): Promise<Properties> {
  const object = toApi(known);
  const reference = {
    apiVersion: live.apiVersion,
    kind: live.kind,
    name: String(live.metadata["name"]),
    ...(live.metadata["namespace"] === undefined ? {} : { namespace: String(live.metadata["namespace"]) }),
  };
  const dryRun = { fieldManager: "pulumi-kubernetes-refresh", force: true, dryRun: true, signal };
  return await cluster.apply(reference, object, dryRun).then(fromApi, () => known);
}

/** The inputs with the live value wherever it is not what applying the inputs would give. */
export function drifted(inputs: Properties, applied: Properties, live: Properties): Properties {
  return follow(inputs, applied, live) as Properties;
}

function follow(input: Value, applied: Value | undefined, live: Value | undefined): Value | undefined {
  if (live === undefined) return isEmpty(input) && isEmpty(applied ?? null) ? input : undefined;
  if (isDeepStrictEqual(applied, live)) return input;
  if (isObject(input) && isObject(live)) {
    const base = isObject(applied ?? null) ? (applied as Properties) : {};
    const followed = Object.entries(input).map(
      ([name, value]) => [name, follow(value, base[name], live[name])] as const,
    );
    return Object.fromEntries(followed.filter((entry): entry is [string, Value] => entry[1] !== undefined));
  }
  if (Array.isArray(input) && Array.isArray(live))
    return followArray(input, Array.isArray(applied) ? applied : [], live);
  return reveal(live);
}

function followArray(input: Value[], applied: Value[], live: Value[]): Value[] {
  const key = keyOf(input, live);
  if (key !== undefined) {
    const find = (list: Value[], element: Value) =>
      list.find((candidate) => (candidate as Properties)[key] === (element as Properties)[key]);
    const all = input.every((element) => find(live, element) !== undefined);
    if (all || input.length !== live.length) {
      return input.flatMap((element) => follow(element, find(applied, element), find(live, element)) ?? []);
    }
  }
  if (input.length !== live.length) return live;
  return input.map((element, index) => follow(element, applied[index], live[index]) ?? null);
}

/** The field that tells the elements of both lists apart, as server-side apply does. */
function keyOf(...lists: Value[][]): string | undefined {
  return ["name", "mountPath", "containerPort", "port", "key", "uid", "ip", "topologyKey"].find((key) =>
    lists.every((elements) => {
      const values = elements.map((element) => (isObject(element) ? element[key] : undefined));
      const present = values.every((value) => typeof value === "string" || typeof value === "number");
      return present && new Set(values).size === values.length;
    }),
  );
}

function isEmpty(value: Value): boolean {
  if (value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}
