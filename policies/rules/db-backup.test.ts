import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { documentCluster, inSystem, rdsCluster, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { dbBackup } from "./db-backup.ts";

const POLICY = "db-backup";
const instance = (overrides: object, parameters = {}) =>
  verdict(POLICY, rdsInstance({ ...overrides }), { [POLICY]: { parameters } });

describe("POL-DB-BACKUP (CC-SEC-16, CC-SEC-38, RB-SEC-03, RB-SEC-45, RB-SEC-47)", () => {
  it("accepts databases that go back 30 days and leave a snapshot", async () => {
    for (const resource of [rdsInstance(), rdsCluster(), documentCluster()]) {
      assert.deepEqual(await verdict(POLICY, resource), [], resource.type);
    }
  });

  it("rejects fewer days, none and no statement", async () => {
    assert.deepEqual(await instance({ backupRetentionPeriod: 29 }), ["mandatory backupRetentionPeriod: 29"]);
    assert.deepEqual(await instance({ backupRetentionPeriod: 0 }), ["mandatory backupRetentionPeriod: 0"]);
    assert.deepEqual(await instance({ backupRetentionPeriod: undefined }), [
      "mandatory backupRetentionPeriod: nothing",
    ]);
    assert.deepEqual(await instance({ backupRetentionPeriod: 31 }), []);
    for (const resource of [rdsCluster, documentCluster]) {
      assert.deepEqual(await verdict(POLICY, resource({ backupRetentionPeriod: 1 })), [
        "mandatory backupRetentionPeriod: 1",
      ]);
    }
  });

  it("takes the days from its configuration, by system", async () => {
    const parameters = { minDays: { worldstore: 7, default: 35 } };
    const config = { [POLICY]: { parameters } };
    const backed = (days: number) => rdsInstance({ backupRetentionPeriod: days });
    assert.deepEqual(await verdict(POLICY, inSystem("worldstore", backed(7)), config), []);
    assert.deepEqual(await verdict(POLICY, inSystem("archesai", backed(34)), config), [
      "mandatory backupRetentionPeriod: 34",
    ]);
    assert.deepEqual(await verdict(POLICY, backed(35), config), []);
    assert.deepEqual(await instance({ backupRetentionPeriod: 0 }, { minDays: { worldstore: 7 } }), [
      "mandatory backupRetentionPeriod: 0",
    ]);
  });

  it("rejects snapshots without tags, of instances and clusters", async () => {
    assert.deepEqual(await instance({ copyTagsToSnapshot: undefined }), ["mandatory copyTagsToSnapshot: nothing"]);
    assert.deepEqual(await verdict(POLICY, rdsCluster({ copyTagsToSnapshot: false })), [
      "mandatory copyTagsToSnapshot: false",
    ]);
  });

  it("wants a final snapshot, and a name for it", async () => {
    assert.deepEqual(await instance({ skipFinalSnapshot: true }), ["mandatory skipFinalSnapshot: true"]);
    assert.deepEqual(await instance({ skipFinalSnapshot: undefined }), []);
    assert.deepEqual(await instance({ skipFinalSnapshot: undefined, finalSnapshotIdentifier: "" }), [
      'mandatory finalSnapshotIdentifier: ""',
    ]);
    assert.deepEqual(await verdict(POLICY, documentCluster({ finalSnapshotIdentifier: undefined })), [
      "mandatory finalSnapshotIdentifier: nothing",
    ]);
  });

  it("asks of development no more than one day, and no last snapshot", async () => {
    const development = { tags: { environment: "dev" }, skipFinalSnapshot: true };
    assert.deepEqual(await instance({ ...development, backupRetentionPeriod: 1 }), []);
    assert.deepEqual(await instance({ ...development, backupRetentionPeriod: 0 }), [
      "mandatory backupRetentionPeriod: 0",
    ]);
  });

  it("leaves replicas to their source", async () => {
    assert.deepEqual(await verdict(POLICY, rdsReplica({ copyTagsToSnapshot: false })), []);
    assert.deepEqual(await verdict(POLICY, rdsReplica({ replicateSourceDb: "" })), [
      "mandatory backupRetentionPeriod: nothing",
    ]);
    const copy = rdsCluster({ replicationSourceIdentifier: UNKNOWN, backupRetentionPeriod: 1 });
    assert.deepEqual(await verdict(POLICY, copy), []);
  });

  it("goes on past values that are not known yet", async () => {
    const unknown = { backupRetentionPeriod: UNKNOWN, skipFinalSnapshot: UNKNOWN, copyTagsToSnapshot: false };
    assert.deepEqual(await instance(unknown), [
      "mandatory copyTagsToSnapshot: false",
      "advisory not evaluated: backupRetentionPeriod",
      "advisory not evaluated: skipFinalSnapshot",
    ]);
  });

  it("is put right without knowing more", () => {
    for (const resource of [rdsInstance, rdsCluster]) {
      const neglected = resource({ backupRetentionPeriod: 7, copyTagsToSnapshot: false });
      assert.deepEqual(verdictRemediated(dbBackup, neglected), { verdict: [], idempotent: true });
    }
    for (const right of [rdsInstance({ backupRetentionPeriod: 35 }), rdsReplica(), documentCluster()]) {
      assert.deepEqual(remediated(dbBackup, right), { ...right, properties: { ...right.properties } });
    }
    const unknown = remediated(dbBackup, rdsInstance({ backupRetentionPeriod: UNKNOWN }));
    assert.equal(unknown.properties["backupRetentionPeriod"], UNKNOWN);
  });
});
