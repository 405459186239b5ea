import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import {
  BACKUP_PLAN,
  BACKUP_SELECTION,
  type KeptData,
  keptDataOf,
  managedBackupOf,
  scheduledBackups,
} from "../workloads/backups.ts";
import { type BySystem, valueFor } from "../workloads/by-system.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { refersTo } from "../workloads/links.ts";
import { longestPause } from "../workloads/schedules.ts";
import { namespaceOf } from "../workloads/services.ts";
import { atLeast } from "../workloads/values.ts";

interface Parameters {
  lossMinutes: BySystem<number>;
  retentionDays: BySystem<number>;
  mounts: BySystem<readonly string[]>;
  planMinutes: number;
}

/** No store is forgotten: each is copied at least as often as the data that may be lost allows. */
export const backupCoverage = definePolicy<Parameters>({
  id: "POL-BACKUP-COVERAGE",
  title: "Every data store has a backup meeting its objective",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.2", "A1.3"] },
  requirements: [
    "WS-SEC-20",
    "WS-SEC-48",
    "EB-SEC-11",
    "EB-SEC-20",
    "EB-SEC-37",
    "AR-SEC-07",
    "AR-SEC-32",
    "AR-SEC-34",
    "CC-SEC-16",
    "RB-SEC-03",
    "RB-SEC-39",
    "RB-SEC-45",
  ],
  remediation: "Let the store go back to any point in time, or copy it by a schedule into a place of its own.",
  parameters: {
    lossMinutes: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 1 },
      description: "Minutes of data that may be lost of a database in the cluster, by system.",
      default: { archesai: 60, "retail-brain": 60, default: 1440 },
    },
    retentionDays: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 1 },
      description: "Days for which a backup plan keeps copies at least, by system.",
      default: { archesai: 30, "retail-brain": 30, default: 30 },
    },
    mounts: {
      type: "object",
      additionalProperties: { type: "array", items: { type: "string" } },
      description: "Folders that are data stores too, by system, where a pod keeps a file such as SQLite's.",
      default: { default: [] },
    },
    planMinutes: {
      type: "integer",
      minimum: 1,
      description: "Minutes between two copies that a backup plan makes at most.",
      default: 1440,
    },
  },
  checkStack(stack, parameters) {
    const stores = stack.resources.filter((one) => managedBackupOf(one) !== undefined);
    stores.forEach((store) => checkManaged(stack, store));
    checkPlans(stack, stores, parameters);
    for (const data of keptDataOf(stack)) {
      if (!isDevelopment(data.resource)) {
        checkInCluster(stack, data, parameters);
      }
    }
  },
});

function checkManaged(stack: Stack, store: StackResource): void {
  const own = managedBackupOf(store);
  if (own !== undefined) {
    stack.check(store).expect(own.field, own.on, { expected: "recovery to any point in time" });
  }
}

/** Copies that stand apart from the stores, so that no mistake takes both. */
function checkPlans(stack: Stack, stores: readonly StackResource[], parameters: Parameters): void {
  const plans = stack.index.ofType(BACKUP_PLAN);
  const selections = stack.index.ofType(BACKUP_SELECTION);
  const [first] = stores.filter((store) => !isDevelopment(store));
  if (plans.length === 0 && first !== undefined) {
    stack.check(first).object(first.properties, {
      found: "no backup plan in the stack",
      expected: "a plan of AWS Backup that copies the stores into a vault",
    });
  }
  for (const plan of plans) {
    const check = stack.check(plan);
    const days = isDevelopment(plan) ? 1 : (valueFor(parameters.retentionDays, plan) ?? 1);
    for (const rule of check.items(plan.properties.get("rules"))) {
      const most = parameters.planMinutes;
      check.expect(rule.get("schedule"), (value) => (longestPause(textOf(value)) ?? Infinity) <= most, {
        expected: `a schedule that runs at least every ${most} minutes`,
      });
      // Without a lifecycle copies stay for ever, which keeps them long enough.
      const kept = rule.get("lifecycle", "deleteAfter");
      check.expect(kept, (value) => value === undefined || atLeast(days)(value), { expected: `at least ${days} days` });
      check.expect(rule.get("targetVaultName"), (value) => textOf(value) !== "", { expected: "a vault" });
    }
    const chosen = selections.some((one) => refersTo(one, one.properties.get("planId"), plan, ["id"]));
    const astray = selections.filter(
      (one) => one.properties.get("planId").unknown && !one.propertyDependencies["planId"]?.length,
    );
    astray.forEach((one) => stack.check(one).known(one.properties.get("planId")));
    if (!chosen && astray.length === 0) {
      check.object(plan.properties.get("name"), {
        found: "a plan that copies nothing",
        expected: "a selection of resources",
        fix: "Add an aws.backup.Selection to the plan.",
      });
    }
  }
}

/** A database, or a folder that is one, in a volume of the cluster. */
function checkInCluster(stack: Stack, { resource, store, mounts }: KeptData, parameters: Parameters): void {
  const folders = valueFor(parameters.mounts, resource) ?? [];
  const database = store !== undefined && store.engine !== "redis";
  if (!database && !mounts.some((mount) => folders.includes(mount))) {
    return;
  }
  const most = valueFor(parameters.lossMinutes, resource) ?? 1440;
  const backups = scheduledBackups(stack, namespaceOf(resource));
  backups.forEach((backup) => stack.check(backup.resource).known(backup.field));
  if (backups.some(({ field, pause }) => field.unknown || (pause !== undefined && pause <= most))) {
    return;
  }
  const pauses = backups.map(({ pause }) => pause).filter((pause) => pause !== undefined);
  stack.check(resource).object(resource.properties.get("spec", "volumeClaimTemplates"), {
    found: pauses.length === 0 ? "data that nothing copies" : `a copy every ${Math.min(...pauses)} minutes`,
    expected: `a copy at least every ${most} minutes`,
    fix: "Use a managed database, a Schedule of Velero, or a CronJob that copies the data elsewhere.",
  });
}
