import assert from "node:assert/strict";
import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { startEmulator, type Emulator } from "../../../local/aws/emulator.ts";
import { useStores } from "../../../local/testing/stores/hooks.ts";
import { TestDatabase } from "../testing/database.ts";
import { emulatedClient } from "../testing/emulated.ts";
import { testInvocation } from "../testing/invocation.ts";
import { TestSecrets } from "../testing/secrets.ts";
import { databaseSetup } from "./setup.ts";

const server = { username: "worldstore_server", password: "password-of-the-server" };
const agent = { username: "worldstore_agent", password: "password~of'the\\agent" };

describe("the setup of a real PostgreSQL with emulated secrets", function () {
  this.timeout(60_000);
  const stores = useStores([]);
  let emulator: Emulator;
  let database: TestDatabase;
  let secrets: TestSecrets;
  let event: Record<string, unknown> & { users: { name: string; privileges: string; secretId: string }[] };
  let logged: string[];

  before("start the emulator", async () => (emulator = await startEmulator()));
  after(() => emulator.stop());
  beforeEach(async () => {
    database = new TestDatabase(stores());
    await database.reset();
    secrets = new TestSecrets(new SecretsManagerClient(emulatedClient(emulator.endpoint)), database);
    logged = [];
    event = {
      host: database.host,
      port: database.port,
      database: database.name,
      masterSecretArn: await secrets.createMaster(),
      extensions: ["pgcrypto"],
      users: [
        {
          name: server.username,
          privileges: "owner",
          secretId: await secrets.createUser(server.username, server.password),
        },
        {
          name: agent.username,
          privileges: "readwrite",
          secretId: await secrets.create({ ...secrets.userValue(agent.username, "x"), password: agent.password }),
        },
      ],
    };
  });

  const setUp = async (changes: Record<string, unknown> = {}) => {
    const invocation = testInvocation();
    const handle = databaseSetup({ secretsManager: secrets.client, authorities: database.authorities });
    try {
      return await handle({ ...event, ...changes }, invocation);
    } finally {
      logged.push(...invocation.logged);
    }
  };
  const refused = async (changes: Record<string, unknown>, message: RegExp) =>
    await assert.rejects(setUp(changes), (error: Error) => {
      assert.match(error.message, message);
      assert.equal(error.name, "OperationError");
      for (const word of ["password-of", "password~of"]) assert.ok(!`${error.message}${logged.join()}`.includes(word));
      return true;
    });

  it("lets the owner make tables and the others use their rows, over TLS with their passwords", async () => {
    assert.deepEqual(await setUp(), { users: [server.username, agent.username] });
    await database.query(server, "CREATE TABLE goods (id serial PRIMARY KEY, name text)");
    await database.query(agent, "INSERT INTO goods (name) VALUES ('a')", "UPDATE goods SET name = 'b'");
    assert.deepEqual(await database.query(agent, "SELECT * FROM goods"), [{ id: 1, name: "b" }]);
    await assert.rejects(database.query(agent, "DROP TABLE goods"), /must be owner/);
    await assert.rejects(database.query(agent, "CREATE TABLE own ()"), /permission denied/);
    assert.deepEqual(await database.query(agent, "SELECT length(gen_random_bytes(4))"), [{ length: 4 }]);
    const [row] = await database.query(
      database.master,
      "SELECT tableowner AS owner FROM pg_tables WHERE tablename = 'goods'",
    );
    assert.deepEqual(row, { owner: "worldstore_owner" });
  });

  it("changes nothing when it runs again, and keeps what is there usable", async () => {
    await setUp();
    await database.query(server, "CREATE TABLE goods (id int)");
    const state = `SELECT (SELECT array_agg(rolname::text || rolcanlogin || coalesce(rolconfig::text, '') ORDER BY rolname) FROM pg_roles WHERE rolname !~ '^pg_') AS roles,
      (SELECT array_agg(datname::text || datacl::text ORDER BY datname) FROM pg_database) AS databases,
      (SELECT array_agg(defaclacl::text) FROM pg_default_acl) AS defaults,
      (SELECT array_agg(roleid::regrole::text || ' ' || member::regrole ORDER BY 1) FROM pg_auth_members) AS members,
      (SELECT relacl::text FROM pg_class WHERE relname = 'goods') AS goods`;
    const before = await database.query(database.master, state);
    await Promise.all([setUp(), setUp(), setUp()]);
    assert.deepEqual(await database.query(database.master, state), before);
    await database.query(agent, "INSERT INTO goods VALUES (1)");
  });

  it("lets nobody else in, and the second logins only after a rotation", async () => {
    await setUp();
    const clone = { ...server, username: `${server.username}_clone` };
    await assert.rejects(database.query(clone, "SELECT 1"), /password authentication failed/);
    await database.query(database.master, "CREATE ROLE stranger LOGIN PASSWORD 'password-of-a-stranger'");
    const stranger = { username: "stranger", password: "password-of-a-stranger" };
    await assert.rejects(database.query(stranger, "SELECT 1"), /permission denied for database/);
  });

  it("follows the secret's login after a rotation, and both logins share what they made", async () => {
    await setUp();
    await database.query(server, "CREATE TABLE goods (id int)");
    const clone = { username: `${server.username}_clone`, password: "another-password-of-the-server" };
    await secrets.put(event.users[0]?.secretId ?? "", secrets.userValue(clone.username, clone.password));
    await setUp();
    await database.query(clone, "ALTER TABLE goods ADD COLUMN name text", "CREATE TABLE more (id int)");
    await database.query(server, "DROP TABLE more");
    await database.query(agent, "INSERT INTO goods VALUES (1, 'x')");
  });

  it("follows changed privileges, and shuts out who is no longer listed", async () => {
    await setUp();
    await database.query(server, "CREATE TABLE goods (id int)");
    const [first, second] = event.users;
    await setUp({
      users: [
        { ...first, privileges: "readwrite" },
        { ...second, privileges: "owner" },
      ],
    });
    await database.query(agent, "ALTER TABLE goods ADD COLUMN name text");
    await assert.rejects(database.query(server, "DROP TABLE goods"), /must be owner/);
    await setUp({ users: [{ ...second, privileges: "owner" }] });
    await assert.rejects(database.query(server, "SELECT 1"), /not permitted to log in|password authentication failed/);
    assert.deepEqual(await database.query(agent, "SELECT * FROM goods"), []);
  });

  it("sends no password to the server", async () => {
    await setUp();
    const { output } = stores().postgres.server;
    assert.match(output, /ALTER ROLE "worldstore_agent" PASSWORD 'SCRAM-SHA-256\$4096:/, "statements are logged");
    for (const { password } of [server, agent]) assert.ok(!output.includes(password));
  });

  it("says which secret is missing or cannot be used", async () => {
    const missing = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-AAAAAA";
    await refused({ masterSecretArn: missing }, /The secret .*none-AAAAAA has no value with the stage AWSCURRENT/);
    const [user] = event.users;
    const using = async (value: unknown) => ({ users: [{ ...user, secretId: await secrets.create(value) }] });
    await refused(await using("password-of-nobody {"), /cannot be used: the value: Invalid input/);
    await refused(await using({ ...secrets.userValue("x", "password-of-y"), url: "no" }), /url: must be an address/);
    await refused(await using(secrets.userValue("x", "password-of ö")), /password: must be 8 to 128 printable ASCII/);
    await refused(
      await using(secrets.userValue("other", "password-of-other")),
      /is of the user other; allowed is worldstore_server or/,
    );
  });

  it("says that the master is refused, or the server cannot be reached or trusted, and leaves nothing half done", async () => {
    const wrong = await secrets.create({ ...database.master, password: "password-of-another-time" });
    await refused(
      { masterSecretArn: wrong },
      /localhost:\d+ refuses the user keeper for the database worldstore \(28P01\)/,
    );
    await refused({ port: 1 }, /PostgreSQL at localhost:1 cannot be reached as keeper \(ECONNREFUSED\)/);
    const handle = databaseSetup({ secretsManager: secrets.client, authorities: "" });
    await assert.rejects(handle(event, testInvocation()), /cannot be reached as keeper/);
    await assert.rejects(
      setUp({ extensions: ["no_such_extension"] }),
      /extension "no_such_extension" is not available/,
    );
    const [row] = await database.query(
      database.master,
      "SELECT count(*)::int AS n FROM pg_roles WHERE rolname ~ 'worldstore'",
    );
    assert.deepEqual(row, { n: 0 });
  });

  it("refuses an event with names that PostgreSQL or another user has", async () => {
    const [user] = event.users;
    await refused({ users: [{ ...user, name: "pg_agent" }] }, /users\.0\.name: must not begin with pg_/);
    await refused({ users: [{ ...user, name: 'a"; DROP' }] }, /users\.0\.name: must be 1 to 50 lower-case letters/);
    const clone = { ...user, name: `${user?.name}_clone` };
    await refused({ users: [user, clone] }, /users: every name and NAME_clone must be used once/);
    await refused({ users: [{ ...user, name: "worldstore_owner" }] }, /users: every name/);
  });
});
