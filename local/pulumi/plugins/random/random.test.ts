import assert from "node:assert/strict";

import { compare } from "bcryptjs";

import type { Context } from "../plugin.ts";
import { reveal, Secret, unknown, type Properties } from "../values.ts";
import { randomPlugin } from "./random.ts";

const plugin = randomPlugin("4.21.2");
const context: Context = { signal: new AbortController().signal, log: () => undefined };
const of = (type: string) => ({ urn: `urn:pulumi:s::p::${type}::x`, name: "x", type });
const password = of("random:index/randomPassword:RandomPassword");

const create = (type: string, inputs: Properties) =>
  plugin.create({ ...of(type), inputs, preview: false, timeout: 0 }, context);
const changes = async (oldInputs: Properties, newInputs: Properties, ignoreChanges: string[] = []) =>
  (await plugin.diff({ ...password, id: "none", oldInputs, oldOutputs: {}, newInputs, ignoreChanges }, context))
    .changes;

describe("the random plugin", () => {
  it("gives a password the outputs of the official plugin, its value only as secrets", async () => {
    const { id, outputs } = await create(password.type, { length: 20, special: false });
    assert.equal(id, "none");
    const { result, bcryptHash, ...rest } = outputs;
    assert.deepEqual(rest, {
      id: "none",
      length: 20,
      lower: true,
      upper: true,
      numeric: true,
      number: true,
      special: false,
      minLower: 0,
      minUpper: 0,
      minNumeric: 0,
      minSpecial: 0,
    });
    assert.ok(result instanceof Secret && bcryptHash instanceof Secret);
    assert.ok(await compare(reveal(result) as string, reveal(bcryptHash) as string));
  });

  it("never uses secret bytes as an id", async () => {
    const { id, outputs } = await create("random:index/randomBytes:RandomBytes", { length: 32 });
    assert.equal(id, "none");
    assert.ok(outputs["hex"] instanceof Secret);
    assert.equal((reveal(outputs["hex"]) as string).length, 64);
  });

  it("writes one id in every form", async () => {
    const { id, outputs } = await create("random:index/randomId:RandomId", { byteLength: 8, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 8);
    assert.equal(outputs["hex"], `p-${bytes.toString("hex")}`);
    assert.equal(outputs["dec"], `p-${bytes.readBigUInt64BE()}`);
    assert.equal(outputs["b64Std"], `p-${bytes.toString("base64")}`);
    assert.equal(outputs["b64Url"], `p-${id}`);
  });

  it("keeps secret inputs secret as outputs", async () => {
    const keepers = { seed: new Secret("moonlight") };
    const { outputs } = await create(password.type, { length: 8, keepers });
    assert.deepEqual(outputs["keepers"], keepers);
  });

  it("plans results as unknown", async () => {
    const planned = await plugin.create({ ...password, inputs: { length: 8 }, preview: true, timeout: 0 }, context);
    assert.equal(planned.id, "");
    assert.equal(planned.outputs["result"], unknown);
    assert.equal(planned.outputs["length"], 8);
  });

  it("replaces on every change of meaning and on no other", async () => {
    assert.deepEqual(await changes({ length: 8 }, { length: 8, special: true, minLower: 0 }), []);
    assert.deepEqual(await changes({ length: 8, number: false }, { length: 8, numeric: false }), []);
    assert.deepEqual(
      await changes({ length: 8, keepers: { a: new Secret("1") } }, { length: 8, keepers: { a: "1" } }),
      [],
    );
    assert.deepEqual(await changes({ length: 8 }, { length: 9 }), [
      { path: ["length"], kind: "update", replace: true },
    ]);
    assert.deepEqual(await changes({ length: 8 }, { length: 8, keepers: { a: unknown } }), [
      { path: ["keepers"], kind: "add", replace: true },
    ]);
    assert.deepEqual(await changes({ length: 8 }, { length: 9 }, ["length"]), []);
  });

  it("refuses types it does not have, in a sentence", async () => {
    const pet = of("random:index/randomPet:RandomPet");
    assert.throws(
      () => plugin.check({ ...pet, oldInputs: {}, newInputs: {}, randomSeed: new Uint8Array() }, context),
      /^Error: random:index\/randomPet:RandomPet is not supported by the local random plugin, which offers RandomPassword,/,
    );
  });
});
