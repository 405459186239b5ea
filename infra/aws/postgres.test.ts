import assert from "node:assert/strict";

import type { ProfileName } from "../profile.ts";
import type { PostgresStore } from "../spec/store.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { Postgres } from "./postgres.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

interface Options {
  profileName?: ProfileName;
  inCluster?: boolean;
  change?: Partial<PostgresStore>;
}

function deploy({ profileName = "production", inCluster = false, change = {} }: Options = {}) {
  const target = shopTarget(profileName);
  const specification = { ...(target.system.stores["db"] as PostgresStore), ...change };
  if (inCluster) target.aws = { ...target.aws, clusterSecurityGroupIds: ["sg-0123456789abcdef0"] };
  const args = { target, store: "db", specification, ...surroundings };
  return record(() => new Postgres("shop-db", args, {}));
}

const instance = "aws:rds/instance:Instance";

describe("A database on AWS", () => {
  let resources: RecordedResource[];
  before(async () => (resources = await deploy()));

  it("is a server of its own in the data subnets: encrypted, watched, kept and protected", () => {
    const { inputs, protect, dependencies } = find(resources, instance, "shop-db-primary");
    assert.deepEqual(inputs, {
      identifier: "shop-test-db-primary",
      engine: "postgres",
      engineVersion: "17.11",
      instanceClass: "db.t4g.small",
      dbName: "shop",
      username: "dbadmin",
      port: 5432,
      manageMasterUserPassword: true,
      masterUserSecretKmsKeyId: "key-secrets",
      storageType: "gp3",
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      storageEncrypted: true,
      kmsKeyId: "key-data",
      multiAz: true,
      publiclyAccessible: false,
      dbSubnetGroupName: "shop-test-db",
      vpcSecurityGroupIds: ["sg-store-db"],
      parameterGroupName: "shop-test-db-postgres17",
      iamDatabaseAuthenticationEnabled: true,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      autoMinorVersionUpgrade: true,
      applyImmediately: false,
      backupRetentionPeriod: 30,
      backupWindow: "00:30-01:30",
      maintenanceWindow: "sun:04:00-sun:05:00",
      deleteAutomatedBackups: false,
      copyTagsToSnapshot: true,
      deletionProtection: true,
      skipFinalSnapshot: false,
      finalSnapshotIdentifier: "shop-test-db-primary-final",
      monitoringInterval: 60,
      monitoringRoleArn: `arn:aws:iam::${account}:role/shop-test-db-monitoring`,
      performanceInsightsEnabled: true,
      performanceInsightsKmsKeyId: "key-data",
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      tags: { component: "db", backup: "daily" },
    });
    assert.equal(protect, true);
    for (const name of ["shop-db-monitoring-policy", "shop-db-postgresql-log", "shop-db-upgrade-log"]) {
      assert.ok(dependencies.includes(name), name);
    }
    assert.deepEqual(find(resources, "aws:rds/subnetGroup:SubnetGroup", "shop-db-subnets").inputs["subnetIds"], [
      "subnet-data-a",
      "subnet-data-b",
    ]);
  });

  it("has log groups of its own before RDS would make them without a key", () => {
    const { inputs } = find(resources, "aws:cloudwatch/logGroup:LogGroup", "shop-db-postgresql-log");
    assert.deepEqual(inputs, {
      name: "/aws/rds/instance/shop-test-db-primary/postgresql",
      retentionInDays: 30,
      kmsKeyId: "key-operations",
      tags: { component: "db" },
    });
  });

  it("has a secret for each user, protected, whose first content never comes back", () => {
    for (const user of ["api", "migrate"]) {
      const { inputs, protect } = find(resources, "aws:secretsmanager/secret:Secret", `shop-db-${user}-secret`);
      assert.equal(inputs["name"], `shop/test/db/${user}`);
      assert.deepEqual(inputs["tags"], { component: "db", rotation: "30 d" });
      assert.equal(protect, true);
      const version = find(resources, "aws:secretsmanager/secretVersion:SecretVersion", `shop-db-${user}-version`);
      assert.deepEqual(version.inputs, { secretId: `shop-db-${user}-secret-arn`, secretString: "[secret]" });
      assert.deepEqual(version.ignoreChanges, ["secretString"]);
    }
  });

  it("gets its users from a function, after their secrets", () => {
    const { inputs, dependencies } = find(resources, "aws:lambda/invocation:Invocation", "shop-db-users-setup-call");
    assert.deepEqual(JSON.parse(inputs["input"] as string), {
      host: "shop-db-primary-address",
      port: 5432,
      database: "shop",
      masterSecretArn: "shop-db-primary-master-secret",
      extensions: [],
      users: [
        { name: "api", privileges: "owner", secretId: "shop/test/db/api" },
        { name: "migrate", privileges: "owner", secretId: "shop/test/db/migrate" },
      ],
    });
    assert.ok(dependencies.includes("shop-db-api-version"));
    assert.ok(dependencies.includes("shop-db-users-setup-function"));
  });

  it("has passwords that are exchanged every 30 days, after which services start anew", () => {
    const rotation = find(resources, "aws:secretsmanager/secretRotation:SecretRotation", "shop-db-users-api-rotation");
    assert.deepEqual(rotation.inputs, {
      secretId: "shop-db-api-secret-arn",
      rotationLambdaArn: `arn:aws:lambda:eu-central-1:${account}:function:shop-test-db-rotation`,
      rotateImmediately: false,
      rotationRules: { automaticallyAfterDays: 30 },
    });
    assert.ok(rotation.dependencies.includes("shop-db-users-setup-call"));
    assert.ok(rotation.dependencies.includes("shop-db-users-rotation-permission"));
    const { inputs } = find(resources, "aws:lambda/function:Function", "shop-db-users-rotation-function");
    const { variables } = inputs["environment"] as { variables: Record<string, string> };
    assert.equal(variables["MASTER_SECRET_ARN"], "shop-db-primary-master-secret");
    assert.deepEqual(JSON.parse(variables["SERVICES"] ?? ""), {
      api: [{ cluster: "shop-test-webcluster", service: "shop-test-api" }],
    });
    assert.deepEqual(find(resources, "aws:lambda/permission:Permission", "shop-db-users-rotation-permission").inputs, {
      function: "shop-test-db-rotation",
      action: "lambda:InvokeFunction",
      principal: "secretsmanager.amazonaws.com",
      sourceAccount: account,
      statementId: "SecretsManager",
    });
  });

  it("keeps its passwords where a cluster holds copies of them", async () => {
    const sealed = await deploy({ inCluster: true });
    assert.ok(!sealed.some(({ type }) => type === "aws:secretsmanager/secretRotation:SecretRotation"));
    const { inputs } = find(sealed, "aws:secretsmanager/secret:Secret", "shop-db-api-secret");
    assert.deepEqual(inputs["tags"], { component: "db", rotation: "90 d" });
  });

  it("has read replicas with names and logs of their own", async () => {
    const replicated = await deploy({ change: { replicas: 2 } });
    const { inputs, protect } = find(replicated, instance, "shop-db-replica-2");
    assert.equal(inputs["identifier"], "shop-test-db-replica2");
    assert.equal(inputs["replicateSourceDb"], "shop-test-db-primary");
    assert.equal(inputs["storageEncrypted"], true);
    assert.equal("username" in inputs, false);
    assert.equal(protect, true);
    find(replicated, "aws:cloudwatch/logGroup:LogGroup", "shop-db-replica-2-postgresql-log");
  });

  it("has an administrator's secret of its own beside read replicas, where RDS makes none", async () => {
    const replicated = await deploy({ change: { replicas: 1 } });
    const { inputs } = find(replicated, instance, "shop-db-primary");
    assert.equal(inputs["password"], "[secret]");
    assert.equal("manageMasterUserPassword" in inputs, false);
    const secret = find(replicated, "aws:secretsmanager/secret:Secret", "shop-db-master-secret");
    assert.equal(secret.inputs["name"], "shop/test/db/master-user");
    assert.equal(secret.protect, true);
    const call = find(replicated, "aws:lambda/invocation:Invocation", "shop-db-users-setup-call").inputs;
    const { masterSecretArn } = JSON.parse(call["input"] as string) as { masterSecretArn: string };
    assert.equal(masterSecretArn, "shop-db-master-version-arn");
  });

  it("is small and leaves nothing in the dev profile", async () => {
    const { inputs, protect } = find(await deploy({ profileName: "dev" }), instance, "shop-db-primary");
    assert.equal(inputs["instanceClass"], "db.t4g.micro");
    assert.equal(inputs["multiAz"], false);
    assert.equal(inputs["skipFinalSnapshot"], true);
    assert.equal(inputs["deletionProtection"], false);
    assert.equal(protect, false);
  });

  it("changes its parameter group's name with its major version, so that the old one can stay until the end", async () => {
    const upgraded = await deploy({ change: { version: "18" } });
    const { inputs } = find(upgraded, "aws:rds/parameterGroup:ParameterGroup", "shop-db-parameters");
    assert.equal(inputs["name"], "shop-test-db-postgres18");
    assert.equal(inputs["family"], "postgres18");
  });
});
