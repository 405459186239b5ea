import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { type ClusterStore, clusterStoreOf, DOCDB_CLUSTER, serverOf } from "./databases.ts";
import { jobsOf } from "./job-texts.ts";
import { podOf } from "./kubernetes.ts";
import { longestPause } from "./schedules.ts";
import { namespaceOf } from "./services.ts";

export const BACKUP_PLAN = "aws:backup/plan:Plan";
export const BACKUP_SELECTION = "aws:backup/selection:Selection";
const VELERO_SCHEDULE = "kubernetes:velero.io/v1:Schedule";
const OPERATED_BACKUP = "kubernetes:postgresql.cnpg.io/v1:ScheduledBackup";
const TABLE = "aws:dynamodb/table:Table";

/** Where a managed store says how far it goes back by itself; undefined for what does not. */
export function managedBackupOf(
  resource: StackResource,
): { field: Field; on: (value: unknown) => boolean } | undefined {
  const { type, properties } = resource;
  const server = serverOf(resource);
  if (type === DOCDB_CLUSTER || (server !== undefined && !server.replica)) {
    return { field: properties.get("backupRetentionPeriod"), on: (value) => Number(value ?? 0) >= 1 };
  }
  if (type === TABLE) {
    return { field: properties.get("pointInTimeRecovery", "enabled"), on: (value) => value === true };
  }
  return undefined;
}

/** A store in the cluster, or a volume that a pod keeps its data in. */
export interface KeptData {
  resource: StackResource;
  /** The database, if it is one. */
  store: ClusterStore | undefined;
  /** Where the claims are mounted. */
  mounts: readonly string[];
}

/** The workloads of a stack that keep data in volumes of their own. */
export function keptDataOf(stack: Stack): KeptData[] {
  return stack.resources.flatMap((resource) => {
    const claims = resource.properties.get("spec", "volumeClaimTemplates").items();
    const pod = podOf(resource);
    if (pod?.kind !== "StatefulSet" || claims.length === 0) {
      return [];
    }
    const names = claims.map((claim) => textOf(claim.get("metadata", "name").value));
    const mounts = pod.spec
      .get("containers")
      .items()
      .flatMap((container) => container.get("volumeMounts").items())
      .filter((mount) => names.includes(textOf(mount.get("name").value)))
      .map((mount) => textOf(mount.get("mountPath").value));
    return [{ resource, store: clusterStoreOf(resource), mounts }];
  });
}

/** What makes copies of the data of a namespace by a schedule, and how often in minutes; undefined if not known. */
export interface ScheduledBackup {
  resource: StackResource;
  field: Field;
  pause: number | undefined;
}

/** The schedules that back a namespace up: of Velero, of an operator, or a job that says so. */
export function scheduledBackups(stack: Stack, namespace: string | undefined): ScheduledBackup[] {
  const velero = stack.index.ofType(VELERO_SCHEDULE).filter(({ properties }) => {
    const names = properties.get("spec", "template", "includedNamespaces");
    const items = names.items();
    return (
      names.unknown ||
      items.length === 0 ||
      items.some(({ value, unknown }) => unknown || value === "*" || value === namespace)
    );
  });
  const operated = stack.index.ofType(OPERATED_BACKUP).filter((one) => namespaceOf(one) === namespace);
  const jobs = jobsOf(stack)
    .filter(({ kind, words }) => kind === "scheduled" && words.some((word) => /backup|pg_?dump|mongodump/i.test(word)))
    .filter(({ resource }) => namespaceOf(resource) === namespace);
  return [
    ...[...velero, ...operated].map((resource) => backup(resource, resource.properties.get("spec", "schedule"))),
    ...jobs.flatMap(({ starter, schedule }) => (schedule === undefined ? [] : [backup(starter, schedule)])),
  ];
}

function backup(resource: StackResource, field: Field): ScheduledBackup {
  return { resource, field, pause: field.unknown ? undefined : longestPause(sixPartsToFive(textOf(field.value))) };
}

/** The operator of PostgreSQL writes seconds first. */
function sixPartsToFive(cron: string): string {
  const parts = cron.trim().split(/\s+/);
  return parts.length === 6 && !cron.startsWith("cron(") ? parts.slice(1).join(" ") : cron;
}
