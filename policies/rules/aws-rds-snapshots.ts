import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { RDS_CLUSTER, RDS_INSTANCE } from "../workloads/databases.ts";
import { refersTo } from "../workloads/links.ts";
import { isOn } from "../workloads/values.ts";

const SNAPSHOT = /^aws:rds\/(?:cluster)?snapshot(?:Copy)?:/i;

/** Where a snapshot names the database that it is taken of. */
const SOURCES: Readonly<Record<string, { type: string; property: string; names: readonly string[] }>> = {
  "aws:rds/snapshot:Snapshot": {
    type: RDS_INSTANCE,
    property: "dbInstanceIdentifier",
    names: ["identifier", "id", "arn"],
  },
  "aws:rds/clusterSnapshot:ClusterSnapshot": {
    type: RDS_CLUSTER,
    property: "dbClusterIdentifier",
    names: ["clusterIdentifier", "id", "arn"],
  },
};

/** A copy of a database is as secret as the database. */
export const awsRdsSnapshots = definePolicy({
  id: "POL-AWS-RDS-SNAPSHOTS",
  title: "RDS snapshots private and encrypted",
  severity: "critical",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["RDS.1", "RDS.4"], pci: ["1.4.4", "3.5.1"] },
  requirements: ["RB-SEC-01", "RB-SEC-47"],
  remediation: "Share a snapshot with named accounts only, and take it of an encrypted database.",
  check(check, { type, properties }) {
    if (SNAPSHOT.test(type)) {
      for (const account of check.items(properties.get("sharedAccounts"))) {
        check.expect(account, (value) => value !== "all", { expected: "the number of an account" });
      }
    }
  },
  checkStack(stack) {
    for (const snapshot of stack.resources) {
      const source = SOURCES[snapshot.type];
      if (source !== undefined) {
        checkSource(stack, snapshot, source);
      }
    }
  },
  remediate(draft) {
    if (SNAPSHOT.test(draft.type)) {
      const shared = draft.get("sharedAccounts");
      if (Array.isArray(shared.value) && shared.value.includes("all")) {
        shared.set(shared.value.filter((account) => account !== "all"));
      }
    }
  },
});

/** A snapshot is encrypted as its database is. */
function checkSource(stack: Stack, snapshot: StackResource, { type, property, names }: (typeof SOURCES)[string]): void {
  const named = snapshot.properties.get(property);
  const database = stack.index.ofType(type).find((one) => refersTo(snapshot, named, one, names));
  const encrypted = database?.properties.get("storageEncrypted");
  if (encrypted?.unknown) {
    stack.check(database ?? snapshot).known(encrypted);
  } else if (encrypted !== undefined && !isOn(encrypted.value)) {
    stack.check(snapshot).object(named, {
      found: "a database that is not encrypted",
      expected: "an encrypted database",
      fix: "Set storageEncrypted of the database to true.",
    });
  }
}
