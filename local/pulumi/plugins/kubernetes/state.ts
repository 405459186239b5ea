import type { JsonObject, Path, Properties, Value } from "../values.ts";
import { hasUnknown, isObject, markSecrets, reveal, Secret, secretPaths, unknown } from "../values.ts";
import type { KubeObject } from "./object.ts";

/** Schema extensions: with dashes in the API, with underscores in programs and state. */
const extensions = [
  "embedded-resource",
  "int-or-string",
  "list-map-keys",
  "list-type",
  "map-type",
  "preserve-unknown-fields",
  "validations",
].map((name) => `x-kubernetes-${name}`);
const toUnderscores = new Map(extensions.map((name) => [name, name.replaceAll("-", "_")]));
const toDashes = new Map(extensions.map((name) => [name.replaceAll("-", "_"), name]));

/** The object to send to the API server. */
export function toApi(inputs: Properties): KubeObject {
  if (hasUnknown(inputs)) throw new Error("An object with values that are not known yet cannot be sent.");
  return renameKeys(reveal(inputs), toDashes) as unknown as KubeObject;
}

/** The object as a program sees it. */
export function fromApi(live: KubeObject): Properties {
  const { managedFields: _, ...metadata } = live.metadata;
  return renameKeys({ ...live, metadata }, toUnderscores) as Properties;
}

function renameKeys(value: Value, names: ReadonlyMap<string, string>): Value {
  if (Array.isArray(value)) return value.map((element) => renameKeys(element, names));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, element]) => [names.get(key) ?? key, renameKeys(element, names)]),
  );
}

/**
 * What the state keeps of an object: its live fields, and the three keys the official plugin looks for. What is secret
 * in the inputs is secret in the outputs; the data of a Secret always is.
 */
export function stateOf(
  live: Properties,
  inputs: Properties,
  kept: { apiVersion: string; fieldManager: string },
): Properties {
  const secrets = secretsOf(inputs);
  return {
    ...(markSecrets(reveal(live), secrets) as Properties),
    __fieldManager: kept.fieldManager,
    __initialApiVersion: kept.apiVersion,
    __inputs: markSecrets(reveal(inputs), secrets),
  };
}

/** The state of an object that cannot be asked for yet: what the program says, and unknowns for what the cluster adds. */
export function plannedState(inputs: Properties, kept: { apiVersion: string; fieldManager: string }): Properties {
  const metadata = inputs["metadata"];
  const planned: Properties = {
    ...inputs,
    metadata: isObject(metadata ?? null) ? withUnknownIdentity(metadata as Properties) : unknown,
    status: unknown,
  };
  return stateOf(planned, inputs, kept);
}

/** The outcome of a dry run of a creation, with unknowns for what a dry run makes up. */
export function dryRunState(
  live: Properties,
  inputs: Properties,
  kept: { apiVersion: string; fieldManager: string },
): Properties {
  const made: Properties = { ...live, metadata: withUnknownIdentity(live["metadata"] as Properties), status: unknown };
  if (live["kind"] === "Service") made["spec"] = serviceSpec(live["spec"] as Properties, inputs);
  return stateOf(made, inputs, kept);
}

function withUnknownIdentity(metadata: Properties): Properties {
  const made: Properties = { creationTimestamp: unknown, generation: unknown, resourceVersion: unknown, uid: unknown };
  return { ...metadata, ...made };
}

/** Addresses and node ports of a dry run are not the ones the service will get. */
function serviceSpec(spec: Properties, inputs: Properties): Properties {
  const asked = reveal(inputs["spec"] ?? {}) as Properties;
  const assigned = ["clusterIP", "clusterIPs", "healthCheckNodePort"].filter(
    (name) => name in spec && !(name in asked),
  );
  const made: Properties = { ...spec };
  for (const name of assigned) made[name] = unknown;
  if (JSON.stringify(spec["ports"] ?? []).includes("nodePort")) made["ports"] = asked["ports"] ?? unknown;
  return made;
}

/** Where an object with these inputs holds secrets. */
export function secretsOf(inputs: Properties | JsonObject): Path[] {
  const always: Path[] = inputs["kind"] === "Secret" && inputs["apiVersion"] === "v1" ? [["data"], ["stringData"]] : [];
  return [...always, ...secretPaths(inputs)];
}

/** A function that takes the secrets of these inputs out of a text. */
export function redactor(inputs: Properties): (text: string) => string {
  const marked = markSecrets(reveal(inputs), secretsOf(inputs));
  const texts = new Set<string>();
  const collect = (value: Value, secret: boolean): void => {
    if (value instanceof Secret) collect(value.value, true);
    else if (Array.isArray(value)) value.forEach((element) => collect(element, secret));
    else if (isObject(value)) Object.values(value).forEach((element) => collect(element, secret));
    else if (secret && typeof value === "string" && value.length >= 3) {
      texts.add(value);
      texts.add(Buffer.from(value, "base64").toString());
      texts.add(Buffer.from(value).toString("base64"));
    }
  };
  collect(marked, false);
  const longestFirst = [...texts].filter((text) => text.length >= 3).sort((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((clean, secret) => clean.replaceAll(secret, "[secret]"), text);
}
