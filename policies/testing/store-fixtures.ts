import type { TestResource } from "./analyzer.ts";

type Json = Record<string, unknown>;

/** A resource of AWS whose properties differ from the given ones; undefined takes one away. */
function made(type: string, name: string, properties: Json): (overrides?: Json) => TestResource {
  return (overrides = {}) => {
    const given = Object.entries({ ...properties, ...overrides }).filter(([, value]) => value !== undefined);
    return { type: `aws:${type}`, name, properties: Object.fromEntries(given) };
  };
}

/** A PostgreSQL server that every policy accepts. */
export const rdsInstance = made("rds/instance:Instance", "postgres", {
  identifier: "worldstore-prod-postgres",
  engine: "postgres",
  engineVersion: "17.11",
  instanceClass: "db.m7g.large",
  username: "dbadmin",
  manageMasterUserPassword: true,
  port: 5432,
  dbSubnetGroupName: "worldstore-prod-postgres",
  parameterGroupName: "worldstore-prod-postgres-postgres17",
  allocatedStorage: 20,
  storageType: "gp3",
  storageEncrypted: true,
  kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/1",
  publiclyAccessible: false,
  multiAz: true,
  iamDatabaseAuthenticationEnabled: true,
  autoMinorVersionUpgrade: true,
  maintenanceWindow: "sun:04:00-sun:05:00",
  deletionProtection: true,
  backupRetentionPeriod: 30,
  copyTagsToSnapshot: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "worldstore-prod-postgres-final",
  monitoringInterval: 60,
  enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  tags: { backup: "daily" },
});

/** A read replica of it. */
export const rdsReplica = made("rds/instance:Instance", "postgres-replica", {
  ...rdsInstance().properties,
  identifier: "worldstore-prod-postgres-1",
  replicateSourceDb: "worldstore-prod-postgres",
  engine: undefined,
  backupRetentionPeriod: undefined,
  multiAz: undefined,
});

/** An Aurora cluster that every policy accepts. */
export const rdsCluster = made("rds/cluster:Cluster", "aurora", {
  clusterIdentifier: "retail-brain-prod",
  engine: "aurora-postgresql",
  engineVersion: "16.6",
  masterUsername: "dbadmin",
  manageMasterUserPassword: true,
  storageEncrypted: true,
  iamDatabaseAuthenticationEnabled: true,
  deletionProtection: true,
  backupRetentionPeriod: 30,
  copyTagsToSnapshot: true,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "retail-brain-prod-final",
  preferredMaintenanceWindow: "sun:04:00-sun:05:00",
  enabledCloudwatchLogsExports: ["postgresql"],
});

/** A member of the Aurora cluster. */
export const rdsClusterInstance = made("rds/clusterInstance:ClusterInstance", "aurora-0", {
  clusterIdentifier: "retail-brain-prod",
  engine: "aurora-postgresql",
  instanceClass: "db.r7g.large",
  autoMinorVersionUpgrade: true,
  monitoringInterval: 60,
  publiclyAccessible: false,
});

/** A DocumentDB cluster that every policy accepts. */
export const documentCluster = made("docdb/cluster:Cluster", "documents", {
  clusterIdentifier: "ecommerce-bot-prod",
  engine: "docdb",
  masterUsername: "dbadmin",
  manageMasterUserPassword: true,
  storageEncrypted: true,
  deletionProtection: true,
  backupRetentionPeriod: 30,
  skipFinalSnapshot: false,
  finalSnapshotIdentifier: "ecommerce-bot-prod-final",
  enabledCloudwatchLogsExports: ["audit"],
  dbClusterParameterGroupName: "ecommerce-bot-prod",
});

/** A member of the DocumentDB cluster. */
export function documentInstances(count: number): TestResource[] {
  return Array.from({ length: count }, (_, index) => ({
    type: "aws:docdb/clusterInstance:ClusterInstance",
    name: `documents-${index}`,
    properties: { clusterIdentifier: "ecommerce-bot-prod", instanceClass: "db.r6g.large" },
  }));
}

/** A Redis cache that every policy accepts. */
export const cacheGroup = made("elasticache/replicationGroup:ReplicationGroup", "redis", {
  replicationGroupId: "worldstore-prod-redis",
  description: "What may vanish",
  engine: "redis",
  engineVersion: "7.1",
  nodeType: "cache.r6g.large",
  numCacheClusters: 3,
  automaticFailoverEnabled: true,
  multiAzEnabled: true,
  atRestEncryptionEnabled: true,
  transitEncryptionEnabled: true,
  userGroupIds: ["worldstore-prod-redis"],
  parameterGroupName: "worldstore-prod-redis-redis7",
  subnetGroupName: "worldstore-prod-redis",
  snapshotRetentionLimit: 30,
  autoMinorVersionUpgrade: true,
});

/** The same resource within a system. */
export function inSystem(system: string, resource: TestResource): TestResource {
  const { metadata, tags } = resource.properties as { metadata?: Json; tags?: Json };
  const labels = { ...(metadata?.["labels"] as Json | undefined), "app.kubernetes.io/part-of": system };
  return {
    ...resource,
    properties: {
      ...resource.properties,
      ...(metadata === undefined ? { tags: { ...tags, system } } : { metadata: { ...metadata, labels } }),
    },
  };
}
