import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "mocha";
import { Pool } from "pg";

import { useStores } from "../../local/testing/stores/hooks.ts";
import { roles } from "../testing/surroundings.ts";
import { migrate, type Migration } from "./migrations.ts";

describe("migrations with a real database", () => {
  let pool: Pool;
  after("disconnect", async () => {
    await pool.end();
  });
  const stores = useStores(roles);
  before("connect", () => {
    const { username, password, host, pathname } = new URL(stores().postgres.url("worldstore_server"));
    const ca = readFileSync(stores().certificateAuthority, "utf8");
    pool = new Pool({ connectionString: `postgres://${username}:${password}@${host}${pathname}`, ssl: { ca } });
    pool.on("error", () => undefined);
  });

  const first: Migration = { version: 1, name: "one", sql: "CREATE TABLE one (id integer)" };
  const second: Migration = { version: 2, name: "two", sql: "ALTER TABLE one ADD COLUMN two integer" };
  const broken: Migration = { version: 3, name: "broken", sql: "CREATE TABLE three (id integer); SELECT 1 / 0" };

  it("are applied once, by whoever comes first of several at a time", async () => {
    const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(pool, [first, second])));
    assert.deepEqual(applied.flat(), [1, 2]);
    assert.deepEqual(await migrate(pool, [first, second]), []);
  });

  it("leave nothing of a release behind that fails in part, and work after that", async () => {
    const fourth: Migration = { version: 4, name: "four", sql: "CREATE TABLE four (id integer)" };
    await assert.rejects(migrate(pool, [first, second, fourth, broken]), /division by zero/);
    const { rows } = await pool.query("SELECT to_regclass('three') AS three, to_regclass('four') AS four");
    assert.deepEqual(rows, [{ three: null, four: null }]);
    assert.deepEqual(await migrate(pool, [first, second, fourth]), [4]);
  });

  it("fail like any other when the connection breaks under them, and the process lives on", async () => {
    const sql = "CREATE TABLE five (id integer); SELECT pg_terminate_backend(pg_backend_pid())";
    await assert.rejects(migrate(pool, [{ version: 5, name: "five", sql }]), /terminat/i);
    assert.deepEqual(await migrate(pool, [{ version: 5, name: "five", sql: "CREATE TABLE five (id integer)" }]), [5]);
  });

  it("leave alone what a newer release has done", async () => {
    assert.deepEqual(await migrate(pool, [first]), []);
  });
});
