import structproto from "google-protobuf/google/protobuf/struct_pb.js";
import type { JavaScriptValue, Struct } from "google-protobuf/google/protobuf/struct_pb.js";

/** The key that marks an object on the wire as something else than an object. */
const signatureKey = "4dabf18193072939515e22adb298388d";
const signatures = {
  secret: "1b47061264138c4ac30d75fd1eb44270",
  output: "d0e6a833031e9bbcd3f4e8bde6ca49a4",
  resource: "5cf8f73096256a8f31e491e813e4eb8e",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
} as const;

/** How a secret is marked on the wire and in a state. */
export const secretSignature = { key: signatureKey, value: signatures.secret } as const;

const unknownString = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const unknownSentinels: ReadonlySet<string> = new Set([
  unknownString,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

/** A value that is known only after the resource it comes from exists. */
export const unknown = Symbol("unknown");

/** A value the engine encrypts in state and masks in every output. */
export class Secret {
  readonly value: Value;

  constructor(value: Value) {
    this.value = value;
  }

  /** Keeps the plain value out of logs that print the object. */
  toJSON(): string {
    return "[secret]";
  }
}

/** Everything a property can be. */
export type Value = null | boolean | number | string | Value[] | Properties | Secret | typeof unknown;

/** The properties of a resource: its inputs or its outputs. */
export interface Properties {
  [name: string]: Value;
}

/** A value without secret marks and unknowns. */
export type Json = null | boolean | number | string | Json[] | JsonObject;

export interface JsonObject {
  [name: string]: Json;
}

/** A path into a value: names of properties and indexes of array elements. */
export type Path = readonly (string | number)[];

/** Whether the value is a plain object: not an array, a secret or an unknown. */
export function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret);
}

/** Reads the properties of a request. Output values become their value, marked as secret or unknown; resources become their id. */
export function decodeProperties(struct: Struct | undefined): Properties {
  return struct === undefined ? {} : (decode(struct.toJavaScript(), []) as Properties);
}

/** Writes properties into a response. */
export function encodeProperties(properties: Properties): Struct {
  return structproto.Struct.fromJavaScript(encode(properties) as Record<string, JavaScriptValue>);
}

function decode(wire: JavaScriptValue, path: Path): Value {
  if (typeof wire === "string") return unknownSentinels.has(wire) ? unknown : wire;
  if (Array.isArray(wire)) {
    return (wire as JavaScriptValue[]).map((element, index) => decode(element, [...path, index]));
  }
  if (typeof wire !== "object" || wire === null) return wire;
  const object = wire as Record<string, JavaScriptValue>;
  switch (object[signatureKey]) {
    case undefined:
      return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, decode(value, [...path, key])]));
    case signatures.secret:
      return asSecret(decode(object["value"] ?? null, path));
    case signatures.output: {
      const value = "value" in object ? decode(object["value"] ?? null, path) : unknown;
      return object["secret"] === true ? asSecret(value) : value;
    }
    case signatures.resource:
      return decode(object["id"] === "" ? unknownString : (object["id"] ?? object["urn"] ?? null), path);
    default:
      throw new Error(`${path.join(".")}: assets and archives are not supported here; pass the content as a string.`);
  }
}

function asSecret(value: Value): Secret {
  return value instanceof Secret ? value : new Secret(value);
}

function encode(value: Value): JavaScriptValue {
  if (value === unknown) return unknownString;
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Secret) return { [signatureKey]: signatures.secret, value: encode(value.value) };
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, encode(element)]));
}

/** Whether an unknown is anywhere in the value. */
export function hasUnknown(value: Value): boolean {
  if (value === unknown) return true;
  if (value instanceof Secret) return hasUnknown(value.value);
  if (Array.isArray(value)) return value.some(hasUnknown);
  return isObject(value) && Object.values(value).some(hasUnknown);
}

/** The value without its secret marks. */
export function reveal(value: Value): Exclude<Value, Secret> {
  if (value instanceof Secret) return reveal(value.value);
  if (Array.isArray(value)) return value.map(reveal);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, reveal(element)]));
}

/**
 * The value as JSON, without secret marks.
 *
 * @throws Error when something in it is unknown: the caller checks with hasUnknown first
 */
export function toJson<T extends Value>(value: T): T extends Properties ? JsonObject : Json {
  if (hasUnknown(value)) throw new Error("A value that is not known yet cannot be written as JSON.");
  return reveal(value) as T extends Properties ? JsonObject : Json;
}

/** The paths of all secret marks, outermost only. */
export function secretPaths(value: Value, path: Path = []): Path[] {
  if (value instanceof Secret) return [path];
  if (Array.isArray(value)) return value.flatMap((element, index) => secretPaths(element, [...path, index]));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, element]) => secretPaths(element, [...path, key]));
}

/**
 * The value with what is at the paths marked as secret. A path through an array marks the whole array, since the
 * order of its elements may have changed; a path that leads nowhere is passed over.
 */
export function markSecrets(value: Value, paths: readonly Path[]): Value {
  if (paths.length === 0 || value instanceof Secret) return value;
  if (paths.some((path) => path.length === 0)) return new Secret(reveal(value));
  if (Array.isArray(value)) return new Secret(reveal(value));
  if (!isObject(value)) return value;
  const marked: Properties = { ...value };
  for (const name of new Set(paths.map(([first]) => String(first)))) {
    if (!Object.hasOwn(marked, name)) continue;
    const below = paths.filter(([first]) => String(first) === name).map((path) => path.slice(1));
    marked[name] = markSecrets(marked[name] as Value, below);
  }
  return marked;
}
