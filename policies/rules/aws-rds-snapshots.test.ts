import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { rdsCluster, rdsInstance } from "../testing/store-fixtures.ts";
import { awsRdsSnapshots } from "./aws-rds-snapshots.ts";

const POLICY = "aws-rds-snapshots";
const snapshot = (properties: Record<string, unknown>, type = "snapshot:Snapshot"): TestResource => ({
  type: `aws:rds/${type}`,
  properties,
});
const OF_INSTANCE = { dbInstanceIdentifier: "worldstore-prod-postgres" };

describe("POL-AWS-RDS-SNAPSHOTS (RB-SEC-01, RB-SEC-47)", () => {
  it("accepts snapshots that are private or shared with an account", async () => {
    assert.deepEqual(await verdict(POLICY, snapshot({})), []);
    assert.deepEqual(await verdict(POLICY, snapshot({ sharedAccounts: ["444455556666"] })), []);
  });

  it("rejects snapshots that everybody may copy, of all kinds", async () => {
    for (const type of [
      "snapshot:Snapshot",
      "clusterSnapshot:ClusterSnapshot",
      "snapshotCopy:SnapshotCopy",
      "clusterSnapshotCopy:ClusterSnapshotCopy",
    ]) {
      const shared = snapshot({ sharedAccounts: ["444455556666", "all"] }, type);
      assert.deepEqual(await verdict(POLICY, shared), ['mandatory sharedAccounts[1]: "all"'], type);
    }
    assert.deepEqual(await verdict(POLICY, rdsInstance({ sharedAccounts: ["all"] })), []);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await verdict(POLICY, snapshot({ sharedAccounts: [UNKNOWN, "all"] })), [
      'mandatory sharedAccounts[1]: "all"',
      "advisory not evaluated: sharedAccounts[0]",
    ]);
    assert.deepEqual(await verdict(POLICY, snapshot({ sharedAccounts: UNKNOWN })), [
      "advisory not evaluated: sharedAccounts",
    ]);
  });

  it("wants the database encrypted, found by name or reference", async () => {
    const found = (property: string) => [`mandatory ${property}: a database that is not encrypted`];
    const plain = rdsInstance({ storageEncrypted: undefined });
    assert.deepEqual(await stackVerdict(POLICY, [snapshot(OF_INSTANCE), rdsInstance()]), []);
    assert.deepEqual(await stackVerdict(POLICY, [snapshot(OF_INSTANCE), plain]), found("dbInstanceIdentifier"));
    assert.deepEqual(await stackVerdict(POLICY, [snapshot({ dbInstanceIdentifier: "other" }), plain]), []);
    const referring = {
      ...snapshot({ dbInstanceIdentifier: UNKNOWN }),
      propertyDependencies: { dbInstanceIdentifier: [urnOf(plain)] },
    };
    assert.deepEqual(await stackVerdict(POLICY, [referring, plain]), found("dbInstanceIdentifier"));
    const ofCluster = snapshot({ dbClusterIdentifier: "retail-brain-prod" }, "clusterSnapshot:ClusterSnapshot");
    const open = rdsCluster({ storageEncrypted: false });
    assert.deepEqual(await stackVerdict(POLICY, [ofCluster, open]), found("dbClusterIdentifier"));
    const undecided = rdsInstance({ storageEncrypted: UNKNOWN });
    assert.deepEqual(await stackVerdict(POLICY, [snapshot(OF_INSTANCE), undecided]), [
      "advisory not evaluated: storageEncrypted",
    ]);
  });

  it("is put right by sharing with named accounts only", () => {
    const shared = snapshot({ sharedAccounts: ["all", "444455556666"] });
    assert.deepEqual(verdictRemediated(awsRdsSnapshots, shared), { verdict: [], idempotent: true });
    assert.deepEqual(remediated(awsRdsSnapshots, shared).properties["sharedAccounts"], ["444455556666"]);
    for (const right of [snapshot({}), snapshot({ sharedAccounts: ["444455556666"] }), rdsInstance()]) {
      assert.deepEqual(remediated(awsRdsSnapshots, right), right);
    }
  });
});
