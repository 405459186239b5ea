import assert from "node:assert/strict";

import fc from "fast-check";

import { splitEnvironment } from "./environment.ts";
import type { StoreValue, Variable } from "./service.ts";

const values: StoreValue[] = ["url", "host", "port", "nodes", "database", "username", "password", "name"];
const anyVariable: fc.Arbitrary<Variable> = fc.oneof(
  fc.string(),
  fc.record({ secret: fc.string() }),
  fc.record({ store: fc.constantFrom("db", "objects"), value: fc.constantFrom(...values) }),
  fc.record({ service: fc.string(), port: fc.string() }),
  fc.constant({ file: "certificate-authority" } as const),
);

describe("The split of an environment", () => {
  it("keeps secrets and addresses with passwords apart from everything else", () => {
    const { plain, secret } = splitEnvironment({
      MODE: "fast",
      TOKEN: { secret: "TOKEN" },
      DATABASE_URL: { store: "db", value: "url" },
      DATABASE_PASSWORD: { store: "db", value: "password" },
      DATABASE_HOST: { store: "db", value: "host" },
      API: { service: "api", port: "http" },
      CA: { file: "certificate-authority" },
    });
    assert.deepEqual(Object.keys(plain), ["API", "CA", "DATABASE_HOST", "MODE"]);
    assert.deepEqual(Object.keys(secret), ["DATABASE_PASSWORD", "DATABASE_URL", "TOKEN"]);
  });

  it("treats the address of a store that the target places like a secret, and nothing else of it", () => {
    const variables = {
      HOST: { store: "db", value: "host" },
      NODES: { store: "db", value: "nodes" },
      PORT: { store: "db", value: "port" },
      OTHER: { store: "orders", value: "host" },
    } as const;
    const { plain, secret } = splitEnvironment(variables, new Set(["db"]));
    assert.deepEqual(Object.keys(plain), ["OTHER", "PORT"]);
    assert.deepEqual(Object.keys(secret), ["HOST", "NODES"]);
  });

  it("loses nothing, repeats nothing and does not depend on the order of the variables", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}$/), anyVariable), (variables) => {
        const { plain, secret } = splitEnvironment(variables);
        const names = [...Object.keys(plain), ...Object.keys(secret)];
        assert.deepEqual(names.sort(), Object.keys(variables).sort());
        const reversed = Object.fromEntries(Object.entries(variables).reverse());
        assert.equal(JSON.stringify(splitEnvironment(reversed)), JSON.stringify({ plain, secret }));
      }),
    );
  });
});
