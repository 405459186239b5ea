import assert from "node:assert/strict";

import fc from "fast-check";

import { Secret, unknown } from "../values.ts";
import type { Properties } from "../values.ts";
import { check, normalise } from "./check.ts";

const surroundings = {
  namespace: "shop",
  discovery: { isNamespaced: (_: string, kind: string) => Promise.resolve(kind !== "Namespace") },
};
const ask = async (
  newInputs: Properties,
  more: { oldInputs?: Properties; randomSeed?: Uint8Array; type?: string } = {},
) =>
  await check(
    {
      urn: "urn:pulumi:dev::shop::kubernetes:core/v1:ConfigMap::settings",
      name: "settings",
      type: "kubernetes:core/v1:ConfigMap",
      oldInputs: {},
      randomSeed: new Uint8Array(),
      ...more,
      newInputs,
    },
    surroundings,
  );
const metadata = (inputs: Properties) => inputs["metadata"] as Properties;

describe("checking a Kubernetes object", () => {
  it("adds apiVersion and kind, a name and the namespace", async () => {
    const { inputs, failures } = await ask({ data: { a: "1" } });
    assert.deepEqual(failures, []);
    assert.deepEqual([inputs["apiVersion"], inputs["kind"]], ["v1", "ConfigMap"]);
    assert.match(String(metadata(inputs)["name"]), /^settings-[0-9a-f]{8}$/);
    assert.deepEqual(metadata(inputs)["annotations"], { "pulumi.com/autonamed": "true" });
    assert.equal(metadata(inputs)["namespace"], "shop");
  });

  it("leaves a name and a namespace of the program as they are", async () => {
    const { inputs } = await ask({ metadata: { name: "own", namespace: "other" } });
    assert.deepEqual(inputs["metadata"], { name: "own", namespace: "other" });
  });

  it("gives no namespace to what lives in none", async () => {
    const { inputs } = await ask({ metadata: { name: "n" } }, { type: "kubernetes:core/v1:Namespace" });
    assert.deepEqual(inputs["metadata"], { name: "n" });
  });

  it("makes the same name from the same seed and another from another", async () => {
    const name = async (seed: number) =>
      metadata((await ask({}, { randomSeed: new Uint8Array([seed]) })).inputs)["name"];
    assert.equal(await name(1), await name(1));
    assert.notEqual(await name(1), await name(2));
  });

  it("keeps a name it has made, and makes one where the program's own was taken away", async () => {
    const first = (await ask({})).inputs;
    assert.equal(metadata((await ask({}, { oldInputs: first })).inputs)["name"], metadata(first)["name"]);
    const renamed = (await ask({}, { oldInputs: { metadata: { name: "own" } } })).inputs;
    assert.match(String(metadata(renamed)["name"]), /^settings-/);
  });

  it("leaves names and metadata that are not known yet unknown", async () => {
    assert.equal(metadata((await ask({ metadata: { name: unknown } })).inputs)["name"], unknown);
    assert.equal((await ask({ metadata: unknown })).inputs["metadata"], unknown);
  });

  it("refuses generateName", async () => {
    const { failures } = await ask({ metadata: { generateName: "x-" } });
    assert.deepEqual(
      failures.map(({ property }) => property),
      ["metadata.generateName"],
    );
  });

  it("keeps a Secret's text as secret base64 data, unknown keys included", () => {
    const secret: Properties = {
      apiVersion: "v1",
      kind: "Secret",
      data: { a: "QQ==" },
      stringData: { b: "B", later: unknown },
    };
    assert.deepEqual(normalise(secret), {
      apiVersion: "v1",
      kind: "Secret",
      data: new Secret({ a: "QQ==", b: "Qg==", later: unknown }),
    });
  });

  it("drops nulls and metadata that only the server sets", () => {
    const object = {
      kind: "X",
      spec: { a: null, b: [{ c: null }] },
      metadata: { name: "x", uid: "1", resourceVersion: "2" },
    };
    assert.deepEqual(normalise(object), { kind: "X", spec: { b: [{}] }, metadata: { name: "x" } });
  });

  it("comes to the same when it is done twice", () => {
    const text = fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), fc.string());
    fc.assert(
      fc.property(text, text, (data, stringData) => {
        const once = normalise({ apiVersion: "v1", kind: "Secret", data, stringData });
        assert.deepEqual(normalise(once), once);
      }),
    );
  });
});
