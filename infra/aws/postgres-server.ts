import type { InstanceArgs } from "@pulumi/aws/rds/instance.js";
import type * as pulumi from "@pulumi/pulumi";

import type { Profile } from "../profile.ts";
import { isProtected } from "../settings.ts";
import type { PostgresStore } from "../spec/store.ts";
import { type Size, toMebibytes, toSeconds } from "../spec/units.ts";
import { backedUpTags } from "./backup-names.ts";
import type { Keys } from "./keys.ts";
import { masterUser } from "./postgres-master.ts";
import { databaseLogs, databaseName } from "./postgres-names.ts";
import type { Target } from "./target.ts";

/** The least storage of a PostgreSQL server with gp3, in GiB. */
const leastStorage = 20;
/** How many times its first size the storage may grow to by itself; no requirement states it. */
const growth = 5;

/** Seconds between measurements of the operating system. */
const monitoringInterval = 60;

/** UTC. The backup is over before the plan of AWS Backup starts, and the maintenance comes after both. */
const backupWindow = "00:30-01:30";
const maintenanceWindow = "sun:04:00-sun:05:00";

/** Of what a database is made. */
interface ServerArgs {
  target: Target;
  store: string;
  specification: PostgresStore;
  keys: Pick<Keys, "arn">;
}

/** The inputs that the primary and its read replicas have in common. */
export function serverInputs({ target, store, specification, keys }: ServerArgs) {
  const { settings } = target;
  const { nodeType, port } = specification;
  return {
    instanceClass: settings.profile.managedNodes === "smallest" ? "db.t4g.micro" : nodeType,
    port,
    storageType: "gp3",
    maxAllocatedStorage: allocatedStorage(specification.storage, settings.profile) * growth,
    storageEncrypted: true,
    kmsKeyId: keys.arn("data"),
    publiclyAccessible: false,
    iamDatabaseAuthenticationEnabled: true,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    autoMinorVersionUpgrade: true,
    applyImmediately: false,
    copyTagsToSnapshot: true,
    deletionProtection: isProtected(settings, store),
    maintenanceWindow,
    monitoringInterval,
    performanceInsightsEnabled: true,
    performanceInsightsKmsKeyId: keys.arn("data"),
    enabledCloudwatchLogsExports: [...databaseLogs],
    tags: backedUpTags(store),
  } satisfies InstanceArgs;
}

/**
 * The inputs of the primary alone.
 *
 * @param password the administrator's. @default RDS makes it
 */
export function primaryInputs(
  { target, store, specification, keys }: ServerArgs,
  engineVersion: string,
  password?: pulumi.Output<string>,
) {
  const { profile, profileName } = target.settings;
  const identifier = databaseName(target, store);
  return {
    identifier,
    engine: "postgres",
    engineVersion,
    dbName: specification.database,
    username: masterUser,
    ...(password === undefined
      ? { manageMasterUserPassword: true, masterUserSecretKmsKeyId: keys.arn("secrets") }
      : { password }),
    allocatedStorage: allocatedStorage(specification.storage, profile),
    multiAz: profile.highlyAvailable,
    backupRetentionPeriod: toSeconds(profile.backupRetention) / 86_400,
    backupWindow,
    deleteAutomatedBackups: !profile.protect,
    ...(profileName === "dev"
      ? { skipFinalSnapshot: true }
      : { skipFinalSnapshot: false, finalSnapshotIdentifier: `${identifier}-final` }),
  } satisfies Partial<InstanceArgs>;
}

/** The storage of a new server in GiB: as specified, cut to the profile's limit, and at least what RDS has. */
export function allocatedStorage(storage: Size, { storageLimit }: Pick<Profile, "storageLimit">): number {
  const limit = storageLimit === "as specified" ? Number.POSITIVE_INFINITY : toMebibytes(storageLimit);
  return Math.max(leastStorage, Math.ceil(Math.min(toMebibytes(storage), limit) / 1024));
}
