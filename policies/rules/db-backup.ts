import type { Check, Resource } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import { type BySystem, valueFor } from "../workloads/by-system.ts";
import { DOCDB_CLUSTER, RDS_CLUSTER, RDS_INSTANCE, serverOf } from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { atLeast, isOn } from "../workloads/values.ts";

interface Parameters {
  minDays: BySystem<number>;
}

/** The longest that RDS keeps what it needs to go back to any point in time. */
const MOST_DAYS = 35;

/** A database can be brought back: to any moment of the last weeks, and even after it was deleted. */
export const dbBackup = definePolicy<Parameters>({
  id: "POL-DB-BACKUP",
  title: "Database automatic backups and point-in-time recovery",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["RDS.11", "RDS.16", "RDS.17", "RDS.47", "RDS.48", "RDS.50", "DocumentDB.2"],
    soc2: ["A1.2"],
  },
  requirements: ["CC-SEC-16", "CC-SEC-38", "RB-SEC-03", "RB-SEC-45", "RB-SEC-47"],
  remediation: "Set backupRetentionPeriod to the days that the system promises, and keep a final snapshot.",
  parameters: {
    minDays: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 1, maximum: MOST_DAYS },
      description:
        "Days for which a database can go back to any point in time, by system; in development one is enough.",
      default: { archesai: 30, "retail-brain": 30, default: 30 },
    },
  },
  check(check, resource, { minDays }) {
    const development = isDevelopment(resource);
    const days = development ? 1 : (valueFor(minDays, resource) ?? 1);
    const server = serverOf(resource);
    if ((server === undefined && resource.type !== DOCDB_CLUSTER) || server?.replica) {
      return;
    }
    check.expect(resource.properties.get("backupRetentionPeriod"), atLeast(days), {
      expected: `at least ${days} ${days === 1 ? "day" : "days"} (without the property AWS keeps one day or none)`,
    });
    if (server !== undefined) {
      check.expect(server.properties.get("copyTagsToSnapshot"), isOn, {
        expected: "true, so that snapshots carry the tags of their database",
        fix: "Set copyTagsToSnapshot to true.",
      });
    }
    if (!development) {
      expectFinalSnapshot(check, resource);
    }
  },
  remediate(draft, { minDays }) {
    if (draft.type !== RDS_INSTANCE && draft.type !== RDS_CLUSTER) {
      return;
    }
    const replica = draft.get(draft.type === RDS_INSTANCE ? "replicateSourceDb" : "replicationSourceIdentifier");
    if (replica.absent) {
      const days = draft.get("backupRetentionPeriod");
      const least = minDays["default"] ?? 1;
      if (!days.unknown && !days.secret && !atLeast(least)(days.value)) {
        days.set(least);
      }
      draft.get("copyTagsToSnapshot").set(true);
    }
  },
});

function expectFinalSnapshot(check: Check, { properties }: Resource): void {
  const skip = properties.get("skipFinalSnapshot");
  check.expect(skip, (value) => !isOn(value), {
    expected: "false, so that a deleted database leaves a snapshot",
    fix: "Remove skipFinalSnapshot and name the snapshot in finalSnapshotIdentifier.",
  });
  if (!skip.unknown && !isOn(skip.value)) {
    check.expect(properties.get("finalSnapshotIdentifier"), (value) => value !== undefined && value !== "", {
      expected: "a name for the snapshot, without which AWS refuses to delete the database",
      fix: "Set finalSnapshotIdentifier.",
    });
  }
}
