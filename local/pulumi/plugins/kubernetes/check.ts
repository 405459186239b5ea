import type { CheckRequest, CheckResult } from "../plugin.ts";
import { hasUnknown, isObject, reveal, Secret, unknown } from "../values.ts";
import type { Properties, Value } from "../values.ts";
import type { Discovery } from "./discovery.ts";
import { autoname, autonamedAnnotation, kindOf, refusal } from "./token.ts";

/** Metadata that only the API server sets. */
const readOnlyMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "selfLink",
  "uid",
];

/** The surroundings a check needs: the provider's default namespace and what the cluster serves. */
export interface CheckSurroundings {
  namespace: string;
  discovery: Pick<Discovery, "isNamespaced">;
}

/**
 * Brings a program's inputs into the form that is kept in state: no nulls and read-only metadata, apiVersion and kind
 * present, a name, a namespace where the kind has one, and Secrets as base64 `data`, marked secret.
 */
export async function check(request: CheckRequest, surroundings: CheckSurroundings): Promise<CheckResult> {
  const refused = refusal(request.type);
  if (refused !== undefined) return { inputs: request.newInputs, failures: [{ property: "", reason: refused }] };
  const { apiVersion, kind } = kindOf(request.type, request.newInputs);
  const inputs = normalise({ ...request.newInputs, apiVersion, kind });
  const metadata = metadataOf(inputs);
  if (metadata === undefined) return { inputs, failures: [] };
  inputs["metadata"] = metadata;

  const failures: CheckResult["failures"] = [];
  if ((metadata["generateName"] ?? "") !== "") {
    failures.push({
      property: "metadata.generateName",
      reason: "is not supported with server-side apply; leave name and generateName out to have a name made.",
    });
  } else if ((metadata["name"] ?? "") === "") {
    const failure = assignName(request, metadata);
    if (failure !== undefined) failures.push({ property: "metadata.name", reason: failure });
  }
  if ((metadata["namespace"] ?? "") === "" && (await surroundings.discovery.isNamespaced(apiVersion, kind))) {
    metadata["namespace"] = surroundings.namespace;
  }
  return { inputs, failures };
}

/** The metadata as an object of its own, or undefined while it is not known. */
function metadataOf(inputs: Properties): Properties | undefined {
  const metadata = inputs["metadata"] instanceof Secret ? reveal(inputs["metadata"]) : (inputs["metadata"] ?? {});
  return isObject(metadata) ? { ...metadata } : undefined;
}

function assignName(request: CheckRequest, metadata: Properties): string | undefined {
  const old = metadataOf(request.oldInputs) ?? {};
  const annotations = isObject(metadata["annotations"] ?? {}) ? ((metadata["annotations"] ?? {}) as Properties) : {};
  const oldAnnotations = isObject(old["annotations"] ?? null) ? (old["annotations"] as Properties) : {};
  if (oldAnnotations[autonamedAnnotation] === "true" && typeof old["name"] === "string") {
    metadata["name"] = old["name"];
  } else if (request.autonaming?.mode === "disable") {
    return "is missing, and this stack's `pulumi:autonaming` is disabled; give the object a name.";
  } else {
    metadata["name"] = request.autonaming?.name || autoname(request.urn, request.name, request.randomSeed);
  }
  metadata["annotations"] = { ...annotations, [autonamedAnnotation]: "true" };
  return undefined;
}

/** The inputs without nulls and read-only metadata, a Secret's text as base64 data. */
export function normalise(inputs: Properties): Properties {
  const result = withoutNulls(inputs) as Properties;
  if (isObject(result["metadata"] ?? null)) {
    const metadata = result["metadata"] as Properties;
    for (const name of readOnlyMetadata) delete metadata[name];
  }
  return result["kind"] === "Secret" && result["apiVersion"] === "v1" ? normaliseSecret(result) : result;
}

function withoutNulls(value: Value): Value {
  if (value instanceof Secret) return new Secret(withoutNulls(value.value));
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, element]) => element !== null)
      .map(([key, element]) => [key, withoutNulls(element)]),
  );
}

function normaliseSecret(secret: Properties): Properties {
  const { data, stringData, ...rest } = secret;
  const open = (value: Value | undefined) => (value === undefined ? {} : reveal(value));
  const [plainData, plainText] = [open(data), open(stringData)];
  if (data === undefined && stringData === undefined) return rest;
  if (!isObject(plainData) || !isObject(plainText)) return { ...rest, data: new Secret(unknown) };
  const encoded = Object.entries(plainText).map(([key, text]) => [key, encodeText(text)] as const);
  return { ...rest, data: new Secret({ ...plainData, ...Object.fromEntries(encoded) }) };
}

function encodeText(text: Value): Value {
  return typeof text === "string" && !hasUnknown(text) ? Buffer.from(text).toString("base64") : text;
}
