import assert from "node:assert/strict";

import fc from "fast-check";

import type { PostgresStore } from "../spec/store.ts";
import { databaseParameters, parameterProblems } from "./postgres-parameters.ts";
import { allocatedStorage } from "./postgres-server.ts";
import { shopTarget } from "./testing/shop.ts";
import { offeredMajors, postgresVersion, redisVersion } from "./versions.ts";

const store = shopTarget().system.stores["db"] as PostgresStore;

function parameter(name: string, value: string) {
  const { value: converted, applyMethod } =
    databaseParameters({ ...store, parameters: { [name]: value } }).find((found) => found.name === name) ??
    assert.fail(name);
  return [converted, applyMethod];
}

describe("The settings of a database in RDS", () => {
  // The values of AR-DS-01 as its note counts them, and one of each other unit.
  const cases: [string, string, string, "immediate" | "pending-reboot"][] = [
    ["shared_buffers", "2GB", "262144", "pending-reboot"],
    ["effective_cache_size", "6GB", "786432", "immediate"],
    ["maintenance_work_mem", "512MB", "524288", "immediate"],
    ["wal_buffers", "16MB", "2048", "pending-reboot"],
    ["work_mem", "10485kB", "10485", "immediate"],
    ["min_wal_size", "1GB", "1024", "immediate"],
    ["max_wal_size", "4GB", "4096", "immediate"],
    ["checkpoint_completion_target", "0.9", "0.9", "immediate"],
    ["random_page_cost", "1.1", "1.1", "immediate"],
    ["effective_io_concurrency", "200", "200", "immediate"],
    ["statement_timeout", "30s", "30000", "immediate"],
    ["checkpoint_timeout", "15min", "900", "immediate"],
    ["jit", "off", "0", "immediate"],
    ["synchronous_commit", "off", "off", "immediate"],
    ["timezone", "Europe/Berlin", "Europe/Berlin", "immediate"],
  ];
  for (const [name, value, expected, method] of cases) {
    it(`write ${name} = ${value} as ${expected}, taken over ${method}`, () => {
      assert.deepEqual(parameter(name, value), [expected, method]);
    });
  }

  it("always demand TLS and log connections, whatever the specification says", () => {
    const all = databaseParameters({ ...store, parameters: { "rds.force_ssl": "0", log_connections: "off" } });
    assert.deepEqual(
      all.map(({ name, value }) => [name, value]),
      [
        ["log_connections", "1"],
        ["log_disconnections", "1"],
        ["log_lock_waits", "1"],
        ["log_min_duration_statement", "1000"],
        ["log_statement", "ddl"],
        ["max_connections", "50"],
        ["rds.force_ssl", "1"],
      ],
    );
  });

  it("load the libraries of extensions that need it", () => {
    const all = databaseParameters({ ...store, extensions: ["vector", "pg_stat_statements"] });
    assert.deepEqual(
      all.find(({ name }) => name === "shared_preload_libraries"),
      { name: "shared_preload_libraries", value: "pg_stat_statements", applyMethod: "pending-reboot" },
    );
  });

  const refused: [string, string][] = [
    ["shared_buffers", "3kB"],
    ["statement_timeout", "1MB"],
    ["some_new_size", "4GB"],
  ];
  for (const [name, value] of refused) {
    it(`refuse ${name} = ${value}`, () => {
      assert.deepEqual(parameterProblems("stores.db", { ...store, parameters: { [name]: value } }), [
        {
          where: `stores.db.parameters.${name}`,
          message: `"${value}" is not supported on AWS: write a number in the unit in which RDS counts ${name}.`,
        },
      ]);
    });
  }

  it("keep an amount whichever unit it is written in", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 512 }), (gigabytes) => {
        for (const name of ["shared_buffers", "work_mem", "max_wal_size"]) {
          assert.deepEqual(parameter(name, `${gigabytes}GB`), parameter(name, `${gigabytes * 1024}MB`));
        }
      }),
    );
  });
});

describe("The storage of a database", () => {
  const cases: [`${number} GiB`, "as specified" | `${number} GiB`, number][] = [
    ["20 GiB", "as specified", 20],
    ["100 GiB", "as specified", 100],
    ["100.5 GiB", "as specified", 101],
    ["100 GiB", "20 GiB", 20],
    ["100 GiB", "2 GiB", 20],
    ["1 GiB", "as specified", 20],
  ];
  for (const [size, storageLimit, expected] of cases) {
    it(`of ${size} with a limit of ${storageLimit} is ${expected} GiB`, () => {
      assert.equal(allocatedStorage(size, { storageLimit }), expected);
    });
  }
});

describe("The versions that AWS offers", () => {
  it("are minor versions of their majors, with the family of their parameters", () => {
    assert.deepEqual(postgresVersion("17"), { version: "17.11", family: "postgres17" });
    assert.deepEqual(redisVersion("7"), { version: "7.1", family: "redis7" });
    assert.deepEqual(redisVersion("6"), { version: "6.2", family: "redis6.x" });
    assert.equal(postgresVersion("9"), undefined);
    assert.equal(redisVersion("8"), undefined);
    for (const major of offeredMajors.postgres)
      assert.match(postgresVersion(major)?.version ?? "", RegExp(`^${major}\\.`));
    for (const major of offeredMajors.redis) assert.match(redisVersion(major)?.version ?? "", RegExp(`^${major}\\.`));
  });
});
