import assert from "node:assert/strict";

import fc from "fast-check";

import type { PostgresStore } from "../spec/store.ts";
import { toMebibytes } from "../spec/units.ts";
import { postgresConf, postgresMemory, postgresRoles } from "./postgres-config.ts";
import { queuePlan, redisStores } from "./queue.ts";
import { redisConf, redisStorage, redisUsers } from "./redis-config.ts";
import { exporterPasswords } from "./redis-exporter.ts";
import { shop, shopTarget } from "../testing/shop.ts";

const store = shop().stores["db"] as PostgresStore;

describe("The settings of PostgreSQL", () => {
  it("are sorted, quoted, and the specification's win", () => {
    const conf = postgresConf({ ...store, parameters: { timezone: "Europe/Berlin", search_path: "it's" } });
    assert.equal(
      conf,
      ["max_connections = '50'", "port = '5432'", "search_path = 'it''s'", "timezone = 'Europe/Berlin'", ""].join("\n"),
    );
  });

  it("keep every value in its quotes", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]*$/), (value) => {
        const line = postgresConf({ ...store, parameters: { a: value } }).split("\n")[0] ?? "";
        const quoted = /^a = '(.*)'$/.exec(line)?.[1] ?? assert.fail(line);
        assert.doesNotMatch(quoted.replaceAll("''", ""), /'/);
        assert.equal(quoted.replaceAll("''", "'"), value);
      }),
    );
  });

  const memories: [Record<string, string> | undefined, string][] = [
    [undefined, "512 MiB"],
    [{}, "512 MiB"],
    [{ shared_buffers: "64MB" }, "512 MiB"],
    [{ shared_buffers: "256MB" }, "1024 MiB"],
    [{ shared_buffers: "2GB" }, "8192 MiB"],
    [{ shared_buffers: "524288kB" }, "2048 MiB"],
    [{ shared_buffers: "65536" }, "2048 MiB"],
  ];
  for (const [parameters, expected] of memories) {
    it(`need ${expected} for ${JSON.stringify(parameters ?? null)}`, () => {
      assert.equal(postgresMemory(parameters), expected);
    });
  }
});

describe("The roles of PostgreSQL", () => {
  const users = [
    { user: "api", privileges: "readwrite" },
    { user: "server", privileges: "owner" },
  ] as const;

  it("are one for each service, with a password file of its own", () => {
    assert.deepEqual(postgresRoles({ ...store, extensions: ["vector", "pg_trgm"] }, users, "/run/secrets/postgres"), {
      databases: [{ name: "shop", owner: "server" }],
      roles: [
        { name: "api", passwordFile: "/run/secrets/postgres/api", database: "shop", privileges: "readwrite" },
        { name: "server", passwordFile: "/run/secrets/postgres/server", database: "shop", privileges: "owner" },
      ],
      extensions: ["pg_trgm", "vector"],
    });
  });

  it("leave the database to a role that cannot log in, if no service may change its tables", () => {
    assert.deepEqual(postgresRoles(store, users.slice(0, 1), "/x").databases, [{ name: "shop", owner: "shop_owner" }]);
  });
});

describe("The settings of Redis", () => {
  it("use three quarters of the memory", () => {
    const conf = redisConf({ memory: "256 MiB", persistence: "none", eviction: "allkeys-lru" });
    assert.equal(conf, 'maxmemory 192mb\nmaxmemory-policy allkeys-lru\nsave ""\nappendonly no\n');
  });

  it("save points in time, or every write", () => {
    assert.match(redisConf({ memory: "1 GiB", persistence: "snapshot", eviction: "noeviction" }), /^save 3600 1 /m);
    assert.match(
      redisConf({ memory: "1 GiB", persistence: "append-only", eviction: "noeviction" }),
      /^appendonly yes$/m,
    );
  });

  it("forget nothing and save every write for a queue", () => {
    const queue = shop().stores["orders"];
    assert.equal(queue?.engine, "queue");
    assert.deepEqual(queuePlan(queue), {
      memory: "64 MiB",
      port: 6380,
      persistence: "append-only",
      eviction: "noeviction",
    });
    const target = shopTarget();
    assert.deepEqual(redisStores(target), ["cache", "orders"]);
    target.settings.datastoreMode = "managed";
    assert.deepEqual(redisStores(target), ["orders"]);
  });

  it("always have room on the volume for the append-only file and its copy", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100_000 }), (memory) => {
        assert.ok(toMebibytes(redisStorage(`${memory} MiB`)) >= Math.max(1024, 2 * memory));
      }),
    );
  });
});

describe("The users of Redis", () => {
  it("may do everything with data and nothing to the server, unless they have rules of their own", () => {
    assert.deepEqual(
      redisUsers([{ user: "api" }, { user: "monitoring", rules: "-@all +info" }], "/run/secrets/redis"),
      {
        users: [
          { name: "api", passwordFile: "/run/secrets/redis/api", rules: "~* &* +@all -@admin -@dangerous +info" },
          { name: "monitoring", passwordFile: "/run/secrets/redis/monitoring", rules: "-@all +info" },
        ],
      },
    );
  });

  it("include the exporter, whose password is found by either form of the address", () => {
    assert.deepEqual(JSON.parse(exporterPasswords(6380, "p")), {
      "rediss://localhost:6380": "p",
      "rediss://monitoring@localhost:6380": "p",
    });
  });
});
