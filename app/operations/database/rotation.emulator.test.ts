import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import {
  CreateClusterCommand,
  CreateServiceCommand,
  DescribeServicesCommand,
  ECSClient,
  RegisterTaskDefinitionCommand,
} from "@aws-sdk/client-ecs";
import { DescribeSecretCommand, PutSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";

import { startEmulator, type Emulator } from "../../../local/aws/emulator.ts";
import { useStores } from "../../../local/testing/stores/hooks.ts";
import { TestDatabase } from "../testing/database.ts";
import { emulatedClient } from "../testing/emulated.ts";
import { testInvocation } from "../testing/invocation.ts";
import { TestSecrets } from "../testing/secrets.ts";
import { databaseRotation } from "./rotation.ts";
import type { ServicesByUser } from "./rotation-settings.ts";
import { databaseSetup } from "./setup.ts";

const user = "worldstore_agent";
const first = "first-password-of-the-agent";
const steps = ["createSecret", "setSecret", "testSecret", "finishSecret"] as const;

/** Secrets Manager calls the steps of a rotation in order; the emulator does not, so the tests do it in its place. */
describe("the rotation in a real PostgreSQL with emulated secrets and services", function () {
  this.timeout(60_000);
  const stores = useStores([]);
  let emulator: Emulator;
  let database: TestDatabase;
  let secrets: TestSecrets;
  let ecs: ECSClient;
  let cluster: string;
  let masterSecretArn: string;
  let secretId: string;
  let logged: string[];

  before("start the emulator", async () => {
    emulator = await startEmulator();
    ecs = new ECSClient(emulatedClient(emulator.endpoint));
  });
  after(() => emulator.stop());
  beforeEach("set up a database and a service", async () => {
    database = new TestDatabase(stores());
    await database.reset();
    secrets = new TestSecrets(new SecretsManagerClient(emulatedClient(emulator.endpoint)), database);
    logged = [];
    masterSecretArn = await secrets.createMaster();
    secretId = await secrets.createUser(user, first);
    const { host, port, name, authorities } = database;
    const users = [{ name: user, privileges: "owner", secretId }];
    const event = { host, port, database: name, masterSecretArn, extensions: [], users };
    await databaseSetup({ secretsManager: secrets.client, authorities })(event, testInvocation());

    cluster = `c-${randomUUID()}`;
    await ecs.send(new CreateClusterCommand({ clusterName: cluster }));
    const containerDefinitions = [{ name: "agent", image: "agent:1", memory: 128 }];
    await ecs.send(new RegisterTaskDefinitionCommand({ family: cluster, containerDefinitions }));
    await ecs.send(
      new CreateServiceCommand({ cluster, serviceName: "agent", taskDefinition: cluster, desiredCount: 1 }),
    );
  });
  afterEach("no password was logged", async () => {
    const values = await Promise.all(
      ["AWSCURRENT", "AWSPREVIOUS", "AWSPENDING"].map((stage) => secrets.read(secretId, stage).catch(() => undefined)),
    );
    const passwords = [first, ...values.map((value) => value?.password ?? first)];
    for (const password of passwords) {
      assert.ok(!`${logged.join()}${stores().postgres.server.output}`.includes(password));
    }
    assert.ok(!logged.join().includes(database.master.password));
  });

  const services = (): ServicesByUser => ({ [user]: [{ cluster, service: "agent" }] });
  const call = async (Step: string, version: string, changes: { master?: string; services?: ServicesByUser } = {}) => {
    const invocation = testInvocation();
    const handle = databaseRotation({
      secretsManager: secrets.client,
      ecs,
      authorities: database.authorities,
      masterSecretArn: changes.master ?? masterSecretArn,
      services: changes.services ?? services(),
    });
    try {
      await handle({ Step, SecretId: secretId, ClientRequestToken: version }, invocation);
    } finally {
      logged.push(...invocation.logged);
    }
  };
  const rotate = async (version: string = randomUUID()) => {
    for (const step of steps) await call(step, version);
    return version;
  };
  const stagesOf = async (version: string) => {
    const { VersionIdsToStages } = await secrets.client.send(new DescribeSecretCommand({ SecretId: secretId }));
    return VersionIdsToStages?.[version];
  };
  const deployments = async () => {
    const answer = await ecs.send(new DescribeServicesCommand({ cluster, services: ["agent"] }));
    return answer.services?.[0]?.deployments?.map(({ id }) => id).join() ?? "";
  };
  const comesIn = async (credentials: { username: string; password: string }) =>
    assert.deepEqual(await database.query(credentials, "SELECT 1 AS one"), [{ one: 1 }]);
  const refused = async (credentials: { username: string; password: string }) =>
    await assert.rejects(database.query(credentials, "SELECT 1"), /password authentication failed/);

  it("goes from one login to the other and back; the login before stays valid until the next rotation", async () => {
    const original = await secrets.read(secretId);
    await database.query(original, "CREATE TABLE goods (id int)");
    const version = await rotate();
    assert.ok((await stagesOf(version))?.includes("AWSCURRENT"));
    const second = await secrets.read(secretId);
    assert.equal(second.username, `${user}_clone`);
    assert.deepEqual(second, {
      ...original,
      ...pick(second),
      url: original.url.replace(`${user}:${first}`, `${second.username}:${second.password}`),
    });
    await database.query(second, "ALTER TABLE goods ADD COLUMN name text", "CREATE TABLE more (id int)");
    await comesIn(original);

    await rotate();
    const third = await secrets.read(secretId);
    assert.equal(third.username, user);
    await database.query(third, "DROP TABLE more");
    await comesIn(second);
    await refused(original);
    assert.equal(new Set([first, second.password, third.password]).size, 3);
  });

  it("deploys the services that hold the secret, and only at the end", async () => {
    const version = randomUUID();
    const before = await deployments();
    for (const step of steps.slice(0, 3)) await call(step, version);
    assert.equal(await deployments(), before);
    await call("finishSecret", version);
    assert.notEqual(await deployments(), before);
  });

  it("comes to the same end when every step is repeated", async () => {
    const version = randomUUID();
    await call("createSecret", version);
    const pending = await secrets.read(secretId, "AWSPENDING");
    for (const step of ["createSecret", "setSecret", "setSecret", "testSecret", "finishSecret", ...steps]) {
      await call(step, version);
    }
    assert.deepEqual(await secrets.read(secretId), pending);
    await comesIn(pending);
    await comesIn({ username: user, password: first });
  });

  for (const done of [1, 2, 3]) {
    it(`leaves the current login usable when it ends after ${steps[done - 1]}, and a new rotation succeeds`, async () => {
      const version = randomUUID();
      for (const step of steps.slice(0, done)) await call(step, version);
      assert.equal((await secrets.read(secretId)).password, first);
      await comesIn({ username: user, password: first });
      await rotate();
      await comesIn(await secrets.read(secretId));
      await comesIn({ username: user, password: first });
    });
  }

  it("deploys again when the first try ended between the secret and the services", async () => {
    const version = randomUUID();
    for (const step of steps.slice(0, 3)) await call(step, version);
    const wrong = {
      [user]: [
        { cluster, service: "none" },
        { cluster, service: "agent" },
      ],
    };
    await assert.rejects(
      call("finishSecret", version, { services: wrong }),
      /The service none in .* could not be deployed .*until which the old password works/,
    );
    assert.ok((await stagesOf(version))?.includes("AWSCURRENT"));
    const before = await deployments();
    await call("finishSecret", version);
    assert.notEqual(await deployments(), before);
    await comesIn({ username: user, password: first });
  });

  it("says that the master is refused, a secret is missing or the login is", async () => {
    const version = randomUUID();
    await call("createSecret", version);
    const wrong = await secrets.create({ ...database.master, password: "password-of-another-time" });
    await assert.rejects(
      call("setSecret", version, { master: wrong }),
      /refuses the user keeper for the database worldstore/,
    );
    const none = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:none-AAAAAA";
    await assert.rejects(
      call("setSecret", version, { master: none }),
      /none-AAAAAA has no value with the stage AWSCURRENT/,
    );
    await assert.rejects(call("testSecret", version), /refuses the user worldstore_agent_clone/);
    await assert.rejects(call("setSecret", randomUUID()), /has no value with the stage AWSPENDING; .* first step/);
    await database.query(database.master, `DROP ROLE ${user}_clone`);
    await assert.rejects(call("setSecret", version), /no role worldstore_agent_clone; run database-setup/);
    assert.equal((await secrets.read(secretId)).password, first);
  });

  it("refuses a pending value for another login than the next one", async () => {
    const version = randomUUID();
    const put = new PutSecretValueCommand({
      SecretId: secretId,
      ClientRequestToken: version,
      SecretString: JSON.stringify(secrets.userValue("keeper", "password-of-the-keeper")),
      VersionStages: ["AWSPENDING"],
    });
    await secrets.client.send(put);
    await assert.rejects(
      call("setSecret", version),
      /an AWSPENDING value for keeper, expected was worldstore_agent_clone/,
    );
    await comesIn(database.master);
  });
});

function pick({ username, password }: { username: string; password: string }): { username: string; password: string } {
  return { username, password };
}
