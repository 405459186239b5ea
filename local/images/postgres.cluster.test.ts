import assert from "node:assert/strict";
import { readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { Container } from "./testing/container.ts";
import { ask, StoreImage } from "./testing/store.ts";

const secrets = "/run/secrets/postgres";
const ready = ["pg_isready", "--quiet"];
const quoted = `p'w"d\\ $x`;

const role = (name: string, privileges: string, database = "shop") => ({
  name,
  passwordFile: `${secrets}/${name}`,
  database,
  privileges,
});

describe("the postgres image", function () {
  this.timeout(600_000);
  let image: StoreImage;
  let server: Container | undefined;

  const settings = async (
    roles: object[],
    conf = "log_statement = 'all'\nshared_preload_libraries = 'pg_stat_statements'\n",
  ) => {
    const databases = [
      { name: "shop", owner: "shopkeeper" },
      { name: "other", owner: "stranger" },
    ];
    await image.files("/etc/postgresql/agent-commerce", {
      "postgresql.conf": conf,
      "roles.json": JSON.stringify({ databases, roles, extensions: ["vector", "pg_stat_statements"] }),
    });
  };
  const everyone = [role("shopkeeper", "owner"), role("clerk", "readwrite"), role("stranger", "owner", "other")];
  const passwords = { shopkeeper: quoted, clerk: "clerks-password", stranger: "strangers-password" };
  const start = async (): Promise<Container> => {
    server = await image.start();
    await server.ready(ready);
    return server;
  };
  const stop = async () => await server?.stop("SIGINT");
  const query = async (sql: string, user = "shopkeeper", password = quoted, database = "shop") => {
    assert.ok(server);
    const url = `postgres://${user}:${encodeURIComponent(password)}@localhost:5432/${database}`;
    return await ask(server, { url, authority: image.authority, ask: sql });
  };

  before(async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("    skipped: container images can be built on Linux by root only");
      this.skip();
    }
    image = await StoreImage.prepare("postgres", "/var/lib/postgresql/data");
    await image.files(secrets, { "superuser-password": "superusers-password\n", ...passwords });
    await settings(everyone);
  });
  after(async () => {
    await server?.stop("SIGKILL");
    await image?.remove();
  });

  it("recovers from being killed while it creates the cluster", async () => {
    const killed = await image.start();
    const volume = join(image.directory, "volume");
    await killed.until("initdb began", async () => (await readdir(volume)).includes("pgdata.new"));
    await killed.stop("SIGKILL");
    assert.equal((await readdir(volume)).includes("pgdata"), false);
    await start();
    assert.deepEqual((await readdir(volume)).sort(), [".lock", "pgdata"]);
  });

  it("lets a role in over verified TLS with its password, whatever characters that has", async () => {
    const [row] = (await query(
      "SELECT version() AS v, ssl, current_user AS u FROM pg_stat_ssl WHERE pid = pg_backend_pid()",
    )) as [{ v: string; ssl: boolean; u: string }];
    assert.match(row.v, /^PostgreSQL 17\./);
    assert.deepEqual([row.ssl, row.u], [true, "shopkeeper"]);
  });

  it("refuses a wrong password, a connection without TLS and another role's database", async () => {
    await assert.rejects(query("SELECT 1", "shopkeeper", "wrong"), /password authentication failed/);
    assert.ok(server);
    const url = `postgres://clerk:clerks-password@localhost:5432/shop`;
    await assert.rejects(ask(server, { url, ask: "SELECT 1" }), /no encryption/);
    await assert.rejects(query("SELECT 1", "clerk", "clerks-password", "other"), /permission denied for database/);
  });

  it("has pgvector, and lets the other roles use what the owner creates, but not change its shape", async () => {
    await query("CREATE TABLE goods (id serial PRIMARY KEY, place vector(2))");
    await query("INSERT INTO goods (place) VALUES ('[1,2]'), ('[5,5]')");
    const nearest = "SELECT id FROM goods ORDER BY place <-> '[4,4]' LIMIT 1";
    assert.deepEqual(await query(nearest, "clerk", "clerks-password"), [{ id: 2 }]);
    await query("INSERT INTO goods (place) VALUES ('[0,0]')", "clerk", "clerks-password");
    await assert.rejects(query("DROP TABLE goods", "clerk", "clerks-password"), /must be owner/);
    await assert.rejects(query("CREATE TABLE own ()", "clerk", "clerks-password"), /permission denied/);
  });

  it("refuses a second server on the same volume", async () => {
    const second = await image.start();
    assert.equal(await second.exit(), 1);
    assert.match(second.logs, /another PostgreSQL server uses/);
  });

  it("stops in order, keeps data, and gives changed passwords and roles effect at the next start", async () => {
    assert.equal(await stop(), 0);
    assert.match(server?.logs ?? "", /database system is shut down/);
    await image.files(secrets, {
      "superuser-password": "another",
      shopkeeper: "changed",
      stranger: passwords.stranger,
    });
    await settings([role("shopkeeper", "owner"), role("stranger", "owner", "other")]);
    await start();
    assert.deepEqual(await query("SELECT count(*)::int AS n FROM goods", "shopkeeper", "changed"), [{ n: 3 }]);
    await assert.rejects(query("SELECT 1"), /password authentication failed/);
    await assert.rejects(
      query("SELECT 1", "clerk", "clerks-password"),
      /password authentication failed|not permitted to log in/,
    );
    assert.deepEqual(await query("SELECT 1 AS one", "postgres", "another", "postgres"), [{ one: 1 }]);
  });

  it("keeps passwords out of its logs and its statistics", async () => {
    const statements = JSON.stringify(await query("SELECT query FROM pg_stat_statements", "postgres", "another"));
    assert.match(statements, /goods/, "the statistics are kept");
    assert.match(server?.logs ?? "", /LOG: .*statement: SELECT/, "statements are logged");
    for (const password of [quoted, "changed", "clerks-password", "strangers-password", "superusers-password"]) {
      assert.equal(`${statements}${server?.logs}`.includes(password), false);
    }
  });

  it("recovers from being killed while it serves", async () => {
    await server?.stop("SIGKILL");
    await start();
    assert.deepEqual(await query("SELECT count(*)::int AS n FROM goods", "shopkeeper", "changed"), [{ n: 3 }]);
  });

  it("says what is wrong when the roles, a password or the volume cannot be used", async () => {
    await stop();
    const failing = async (message: RegExp) => {
      const container = await image.start();
      assert.equal(await container.exit(), 1);
      assert.match(container.logs, message);
      assert.equal(container.logs.includes("changed"), false);
    };
    await settings([role("shopkeeper", "king")]);
    await failing(/role "shopkeeper" has privileges "king"; allowed are "owner" and "readwrite"/);
    await settings([role("nobody", "owner")]);
    await failing(/could not open file ".*\/nobody" for reading/);
    await settings(everyone, "max_connections = 'many'\n");
    await failing(/the server did not start/);
    await image.files(secrets, { "superuser-password": "" });
    await failing(/superuser-password is missing, empty or not readable/);
    await image.files(secrets, { "superuser-password": "x" });
    await rm(join(image.directory, "volume", "pgdata", "PG_VERSION"));
    await writeFile(join(image.directory, "volume", "pgdata", "strange"), "");
    await failing(/is not a database cluster/);
  });
});
