import assert from "node:assert/strict";

import fc from "fast-check";

import { splitEnvironment } from "../spec/environment.ts";
import { declared } from "../spec/names.ts";
import type { Variable } from "../spec/service.ts";
import { environmentOf, secretPaths } from "./environment.ts";
import { shopTarget } from "./testing/shop.ts";
import { anyTarget } from "./testing/specifications.ts";

const prefix = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:shop/test";

describe("The environment of a container", () => {
  const cases: [string, Variable, { plain: string } | { secret: string }][] = [
    ["a text", "fast", { plain: "fast" }],
    ["a secret", { secret: "TOKEN" }, { secret: `${prefix}/TOKEN` }],
    ["a database's address", { store: "db", value: "url" }, { secret: `${prefix}/db/api:url::` }],
    ["a database's host", { store: "db", value: "host" }, { secret: `${prefix}/db/api:host::` }],
    [
      "a user whose name rotation exchanges",
      { store: "db", value: "username" },
      { secret: `${prefix}/db/api:username::` },
    ],
    ["a database's port", { store: "db", value: "port" }, { plain: "5432" }],
    ["a database's name", { store: "db", value: "database" }, { plain: "shop" }],
    ["a cache's nodes", { store: "cache", value: "nodes" }, { secret: `${prefix}/cache/api:nodes::` }],
    ["a cache's database", { store: "cache", value: "database" }, { plain: "0" }],
    [
      "a queue's address",
      { store: "orders", value: "url" },
      { plain: "https://sqs.eu-central-1.amazonaws.com/111122223333/shop-test-orders-messages" },
    ],
    ["a queue's name", { store: "orders", value: "name" }, { plain: "shop-test-orders-messages" }],
    ["a bucket's name", { store: "files", value: "name" }, { plain: "shop-test-files-111122223333-eucentral1" }],
    ["another service", { service: "api", port: "http" }, { plain: "http://api:8080" }],
    ["the certificates", { file: "certificate-authority" }, { plain: "/run/certificates/ca.pem" }],
  ];
  for (const [what, variable, expected] of cases) {
    it(`tells of ${what}`, () => {
      const target = shopTarget();
      declared(target.system.services, "api").variables = { NAME: variable };
      assert.deepEqual(environmentOf(target, "api", 0), {
        plain: "plain" in expected ? { NAME: expected.plain } : {},
        secrets: "secret" in expected ? { NAME: expected.secret } : {},
      });
    });
  }

  it("has every variable once, and every secret one among the references", () => {
    fc.assert(
      fc.property(anyTarget, ({ target, service }) => {
        const { variables } = declared(target.system.services, service);
        const { plain, secrets } = environmentOf(target, service, 0);
        assert.deepEqual([...Object.keys(plain), ...Object.keys(secrets)].sort(), Object.keys(variables).sort());
        for (const [name, variable] of Object.entries(splitEnvironment(variables).secret)) {
          if ("store" in variable && variable.store === "orders") continue;
          assert(name in secrets);
        }
      }),
    );
  });
});

describe("The secrets that a workload reads", () => {
  it("are those of its variables, for every instance", () => {
    const target = shopTarget();
    declared(target.system.services, "writer").singleWriter = { instances: 2, ownSecrets: ["WALLET"] };
    assert.deepEqual(secretPaths(target, "writer"), ["shop/test/KEY", "shop/test/WALLET_0", "shop/test/WALLET_1"]);
    assert.deepEqual(secretPaths(target, "api"), ["shop/test/TOKEN", "shop/test/cache/api", "shop/test/db/api"]);
  });
});
