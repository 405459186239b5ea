import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { rdsCluster, rdsClusterInstance, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";
import { awsRds } from "./aws-rds.ts";

const POLICY = "aws-rds";
const judge = (resource: TestResource, parameters = {}) => verdict(POLICY, resource, { [POLICY]: { parameters } });
const instance = (overrides: object) => judge(rdsInstance({ ...overrides }));
const proxy = (properties: Record<string, unknown>): TestResource => ({ type: "aws:rds/proxy:Proxy", properties });

describe("POL-AWS-RDS (RB-SEC-01, CC-SEC-22, CC-SEC-33)", () => {
  it("accepts watched servers with identities of IAM and users of their own", async () => {
    for (const resource of [rdsInstance(), rdsReplica(), rdsCluster(), rdsClusterInstance()]) {
      assert.deepEqual(await judge(resource), [], resource.name);
    }
    assert.deepEqual(await judge(proxy({ requireTls: true })), []);
  });

  it("wants enhanced monitoring of every instance", async () => {
    assert.deepEqual(await instance({ monitoringInterval: 0 }), ["mandatory monitoringInterval: 0"]);
    assert.deepEqual(await instance({ monitoringInterval: 1 }), []);
    assert.deepEqual(await judge(rdsClusterInstance({ monitoringInterval: undefined })), [
      "mandatory monitoringInterval: nothing",
    ]);
  });

  it("wants identities of IAM where the engine knows them", async () => {
    const off = { iamDatabaseAuthenticationEnabled: false };
    for (const engine of ["postgres", "mysql", "mariadb", "MySQL"]) {
      assert.deepEqual(
        await instance({ ...off, engine }),
        ["mandatory iamDatabaseAuthenticationEnabled: false"],
        engine,
      );
    }
    assert.deepEqual(await instance({ ...off, engine: "oracle-ee" }), []);
    assert.deepEqual(await judge(rdsCluster({ iamDatabaseAuthenticationEnabled: undefined })), [
      "mandatory iamDatabaseAuthenticationEnabled: nothing",
    ]);
    assert.deepEqual(await instance({ ...off, engine: UNKNOWN }), []);
  });

  it("wants servers of other engines protected and upgraded; the policy about PostgreSQL says so of its own", async () => {
    const neglected = { deletionProtection: false, autoMinorVersionUpgrade: false };
    assert.deepEqual(await instance({ ...neglected, engine: "mariadb" }), [
      "mandatory deletionProtection: false",
      "mandatory autoMinorVersionUpgrade: false",
    ]);
    assert.deepEqual(await instance({ ...neglected, engine: "postgres" }), []);
    assert.deepEqual(await judge(rdsReplica(neglected)), []);
    assert.deepEqual(await instance({ deletionProtection: false, engine: "mysql", tags: { environment: "dev" } }), []);
  });

  it("wants Aurora MySQL to go back without a restore", async () => {
    const aurora = (backtrackWindow: unknown) => judge(rdsCluster({ engine: "aurora-mysql", backtrackWindow }));
    assert.deepEqual(await aurora(undefined), ["mandatory backtrackWindow: nothing"]);
    assert.deepEqual(await aurora(0), ["mandatory backtrackWindow: 0"]);
    assert.deepEqual(await aurora(3600), []);
  });

  it("rejects names of administrators that everybody would guess", async () => {
    for (const username of ["admin", "postgres", "Admin"]) {
      assert.deepEqual(await instance({ username }), [`mandatory username: "${username}"`]);
    }
    assert.deepEqual(await judge(rdsCluster({ masterUsername: "root" })), ['mandatory masterUsername: "root"']);
    assert.deepEqual(await instance({ username: undefined }), []);
    assert.deepEqual(await judge(rdsInstance(), { defaultUsers: ["dbadmin"] }), ['mandatory username: "dbadmin"']);
  });

  it("wants proxies to insist on TLS", async () => {
    assert.deepEqual(await judge(proxy({})), ["mandatory requireTls: nothing"]);
    assert.deepEqual(await judge(proxy({ requireTls: UNKNOWN })), ["advisory not evaluated: requireTls"]);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await instance({ iamDatabaseAuthenticationEnabled: UNKNOWN, username: "admin" }), [
      'mandatory username: "admin"',
      "advisory not evaluated: iamDatabaseAuthenticationEnabled",
    ]);
  });

  it("is put right without knowing more", () => {
    const off = { iamDatabaseAuthenticationEnabled: false };
    for (const resource of [rdsInstance(off), rdsCluster(off), proxy({ requireTls: false }), proxy({})]) {
      assert.deepEqual(verdictRemediated(awsRds, resource), { verdict: [], idempotent: true });
    }
    const oracle = rdsInstance({ ...off, engine: "oracle-ee" });
    for (const right of [rdsInstance(), rdsClusterInstance(), oracle]) {
      assert.deepEqual(remediated(awsRds, right), right);
    }
  });
});
