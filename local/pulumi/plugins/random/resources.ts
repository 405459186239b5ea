import { randomBytes, randomUUID } from "node:crypto";

import { hash } from "bcryptjs";

import { Secret, unknown, type JsonObject, type Properties } from "../values.ts";
import { defaultRules, problemsOf, randomText, type TextRules } from "./text.ts";

/** A resource type of the random provider. */
export interface RandomResource {
  /** The inputs a program may give, with the value of those it leaves out; undefined when there is none. */
  inputs: Record<string, JsonObject[string] | undefined>;
  /** The outputs that come from chance, all unknown until the resource is created. */
  results: string[];
  /** What is wrong with complete inputs, by property. */
  check(inputs: JsonObject): { property: string; reason: string }[];
  create(inputs: JsonObject): Promise<{ id: string; outputs: Properties }>;
}

/** The id of resources whose value is a secret: an id is stored and shown in clear text. */
const withheld = "none";

const text = {
  inputs: { keepers: undefined, length: undefined, ...defaultRules, overrideSpecial: undefined },
  check: (inputs: JsonObject) => problemsOf(rulesOf(inputs)),
};

/** The resource types offered, by type token. */
export const resources: Record<string, RandomResource> = {
  "random:index/randomPassword:RandomPassword": {
    ...text,
    results: ["result", "bcryptHash"],
    async create(inputs) {
      const result = randomText(rulesOf(inputs));
      const bcryptHash = await hash(Buffer.from(result).subarray(0, 72).toString(), 10);
      const outputs = { ...withNumber(inputs), result: new Secret(result), bcryptHash: new Secret(bcryptHash) };
      return { id: withheld, outputs };
    },
  },
  "random:index/randomString:RandomString": {
    ...text,
    results: ["result"],
    create(inputs) {
      const result = randomText(rulesOf(inputs));
      return Promise.resolve({ id: result, outputs: { ...withNumber(inputs), result } });
    },
  },
  "random:index/randomBytes:RandomBytes": {
    inputs: { keepers: undefined, length: undefined },
    results: ["base64", "hex"],
    check: ({ length }) => atLeastOne("length", length),
    create(inputs) {
      const bytes = randomBytes(inputs["length"] as number);
      const outputs = {
        ...inputs,
        base64: new Secret(bytes.toString("base64")),
        hex: new Secret(bytes.toString("hex")),
      };
      return Promise.resolve({ id: withheld, outputs });
    },
  },
  "random:index/randomId:RandomId": {
    inputs: { keepers: undefined, byteLength: undefined, prefix: undefined },
    results: ["b64Std", "b64Url", "dec", "hex"],
    check: ({ byteLength }) => atLeastOne("byteLength", byteLength),
    create(inputs) {
      const bytes = randomBytes(inputs["byteLength"] as number);
      const prefix = typeof inputs["prefix"] === "string" ? inputs["prefix"] : "";
      const outputs = {
        ...inputs,
        b64Std: prefix + bytes.toString("base64"),
        b64Url: prefix + bytes.toString("base64url"),
        dec: prefix + BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: prefix + bytes.toString("hex"),
      };
      return Promise.resolve({ id: bytes.toString("base64url"), outputs });
    },
  },
  "random:index/randomUuid:RandomUuid": {
    inputs: { keepers: undefined },
    results: ["result"],
    check: () => [],
    create(inputs) {
      const result = randomUUID();
      return Promise.resolve({ id: result, outputs: { ...inputs, result } });
    },
  },
};

/** The inputs with everything the program left out; the deprecated `number` means `numeric`. */
export function complete(type: RandomResource, given: Properties): Properties {
  const { number, ...rest } = given;
  const renamed: Properties =
    number === undefined || !("numeric" in type.inputs) ? given : { numeric: number, ...rest };
  const known = Object.entries(type.inputs).map(([name, otherwise]) => [name, renamed[name] ?? otherwise] as const);
  return Object.fromEntries(
    known.filter((entry): entry is [string, NonNullable<Properties[string]>] => entry[1] !== undefined),
  );
}

/** The outputs of a resource that is yet to be created. */
export function planned(type: RandomResource, inputs: Properties): Properties {
  return { ...inputs, ...Object.fromEntries(type.results.map((name) => [name, unknown])) };
}

function rulesOf(inputs: JsonObject): TextRules {
  return { ...defaultRules, ...inputs } as TextRules;
}

function withNumber(inputs: JsonObject): JsonObject {
  return { ...inputs, number: inputs["numeric"] ?? true };
}

function atLeastOne(property: string, value: unknown): { property: string; reason: string }[] {
  const right = Number.isInteger(value) && (value as number) >= 1;
  return right ? [] : [{ property, reason: "must be a whole number of at least 1" }];
}
