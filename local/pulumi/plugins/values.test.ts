import assert from "node:assert/strict";
import { describe, it } from "mocha";
import fc from "fast-check";

import {
  decodeProperties,
  encodeProperties,
  hasUnknown,
  isObject,
  markSecrets,
  reveal,
  Secret,
  secretPaths,
  toJson,
  unknown,
} from "./values.ts";
import type { Properties, Value } from "./values.ts";

const names = fc.stringMatching(/^[a-z][a-zA-Z./-]{0,8}$/);
const { value } = fc.letrec<{ value: Value; plain: Value }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.string(),
    fc.array(tie("plain"), { maxLength: 3 }),
    fc.dictionary(names, tie("plain"), { maxKeys: 4 }),
  ),
  value: fc.oneof(
    { maxDepth: 3 },
    tie("plain"),
    fc.constant(unknown as Value),
    tie("plain").map((inner) => new Secret(inner)),
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(names, tie("value"), { maxKeys: 4 }),
  ),
}));
const properties = fc.dictionary(names, value, { maxKeys: 5 });
/** Objects that fast-check makes without a prototype compare unequal to ordinary ones. */
const plain = (map: Properties): Properties => normalise(map) as Properties;
const normalise = (item: Value): Value => {
  if (item instanceof Secret) return new Secret(normalise(item.value));
  if (Array.isArray(item)) return item.map(normalise);
  return isObject(item)
    ? Object.fromEntries(Object.entries(item).map(([key, inner]) => [key, normalise(inner)]))
    : item;
};

describe("plugin values", () => {
  it("survive the wire with secrets and unknowns in place", () => {
    fc.assert(
      fc.property(properties, (map) => {
        assert.deepEqual(decodeProperties(encodeProperties(map)), plain(map));
      }),
    );
  });

  it("keep their secrets when marks are taken off and put back", () => {
    fc.assert(
      fc.property(properties, (map) => {
        const marked = markSecrets(reveal(map), secretPaths(map));
        const bare = (item: Value): Value[] =>
          item instanceof Secret
            ? [item]
            : Array.isArray(item)
              ? item.flatMap(bare)
              : isObject(item)
                ? Object.values(item).flatMap(bare)
                : [];
        assert.equal(secretPaths(map).length === 0, bare(marked).length === 0);
        assert.deepEqual(reveal(marked), plain(reveal(map) as Properties));
      }),
    );
  });

  it("mark a whole array when one of its elements is secret", () => {
    const marked = markSecrets({ env: [{ name: "a", value: "b" }] }, [["env", 0, "value"]]);
    assert.deepEqual(marked, { env: new Secret([{ name: "a", value: "b" }]) });
  });

  it("never print a secret", () => {
    assert.equal(JSON.stringify({ password: new Secret("hunter2") }), '{"password":"[secret]"}');
  });

  it("read output values and resources as what they stand for", () => {
    const signature = "4dabf18193072939515e22adb298388d";
    const wire = encodeProperties({
      known: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: 1, secret: true },
      later: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
      resource: { [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id: "ns/name" },
    });
    assert.deepEqual(decodeProperties(wire), { known: new Secret(1), later: unknown, resource: "ns/name" });
  });

  it("refuse assets by name of the property", () => {
    const wire = encodeProperties({ file: { "4dabf18193072939515e22adb298388d": "c44067f5952c0a294b673a41bacd8c17" } });
    assert.throws(() => decodeProperties(wire), /^Error: file: assets and archives are not supported/);
  });

  it("are not written as JSON while something is unknown", () => {
    assert.equal(hasUnknown({ a: [new Secret(unknown)] }), true);
    assert.throws(() => toJson({ a: unknown }), /not known yet/);
  });
});
