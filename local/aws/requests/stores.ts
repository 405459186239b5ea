import { arnAt, at, step, text, without, type Creations, type Inputs } from "./creation.ts";

/** Parameters of a group, of which AWS takes twenty in one request. */
function batches(parameters: unknown): Inputs[][] {
  const all = (parameters ?? []) as Inputs[];
  return Array.from({ length: Math.ceil(all.length / 20) }, (_, index) => all.slice(index * 20, index * 20 + 20));
}

/** Names of a database instance's inputs that its first request does not hold. */
const databaseRenames = {
  identifier: "DBInstanceIdentifier",
  instanceClass: "DBInstanceClass",
  username: "MasterUsername",
  password: "MasterUserPassword",
  parameterGroupName: "DBParameterGroupName",
  performanceInsightsEnabled: "EnablePerformanceInsights",
  enabledCloudwatchLogsExports: "EnableCloudwatchLogsExports",
  iamDatabaseAuthenticationEnabled: "EnableIAMDatabaseAuthentication",
  backupWindow: "PreferredBackupWindow",
  maintenanceWindow: "PreferredMaintenanceWindow",
  manageMasterUserPassword: "ManageMasterUserPassword",
  replicateSourceDb: "SourceDBInstanceIdentifier",
  caCertIdentifier: "CACertificateIdentifier",
  customerOwnedIpEnabled: "EnableCustomerOwnedIp",
  allowMajorVersionUpgrade: undefined,
  applyImmediately: undefined,
  deleteAutomatedBackups: undefined,
  finalSnapshotIdentifier: undefined,
  skipFinalSnapshot: undefined,
};

/** Where a cache's logs go: AWS tells streams and log groups apart. */
function logDeliveries({ logDeliveryConfigurations }: Inputs): Inputs {
  if (logDeliveryConfigurations === undefined) return {};
  const written = (logDeliveryConfigurations as Inputs[]).map(({ destination, ...others }) => ({
    ...others,
    destinationDetails:
      others["destinationType"] === "cloudwatch-logs"
        ? { cloudWatchLogsDetails: { logGroup: destination } }
        : { kinesisFirehoseDetails: { deliveryStream: destination } },
  }));
  return { logDeliveryConfigurations: written };
}

/** Databases, caches and their surroundings. */
export const stores: Creations = {
  "aws:rds/instance:Instance": {
    create: (inputs) => {
      const operation = inputs["replicateSourceDb"] === undefined ? "CreateDBInstance" : "CreateDBInstanceReadReplica";
      return step("rds", operation, inputs, { renames: databaseRenames });
    },
    outputs: ({ identifier, port }, answer, place) => {
      const host = `${String(identifier)}.abcdefghijkl.${place.region}.rds.amazonaws.com`;
      const address = text(answer, ["DBInstance", "Endpoint", "Address"], host);
      const { region } = place;
      return {
        id: text(answer, ["DBInstance", "DbiResourceId"], "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        arn: arnAt(place, "rds", `db:${String(identifier)}`),
        address,
        endpoint: `${address}:${String(port ?? 5432)}`,
        resourceId: text(answer, ["DBInstance", "DbiResourceId"], "db-ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        masterUserSecrets: [
          {
            kmsKeyId: "",
            secretArn: `arn:aws:secretsmanager:${region}:${place.accountId}:secret:rds!db-12345678-1234-1234-1234-123456789012-AbCdEf`,
            secretStatus: "active",
          },
        ],
      };
    },
    read: ({ identifier }) => step("rds", "DescribeDBInstances", { dbInstanceIdentifier: identifier }),
  },
  "aws:rds/subnetGroup:SubnetGroup": {
    create: (inputs) =>
      step("rds", "CreateDBSubnetGroup", inputs, {
        renames: { name: "DBSubnetGroupName", description: "DBSubnetGroupDescription" },
      }),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "rds", `subgrp:${String(name)}`) }),
  },
  "aws:rds/parameterGroup:ParameterGroup": {
    create: (inputs) =>
      step("rds", "CreateDBParameterGroup", without(inputs, "parameters"), {
        renames: { name: "DBParameterGroupName", family: "DBParameterGroupFamily", skipDestroy: undefined },
      }),
    outputs: ({ name }, _answer, place) => ({ id: name, arn: arnAt(place, "rds", `pg:${String(name)}`) }),
    then: ({ name, parameters }) =>
      batches(parameters).map((batch) =>
        step(
          "rds",
          "ModifyDBParameterGroup",
          { name, parameters: batch.map((parameter) => ({ applyMethod: "immediate", ...parameter })) },
          {
            renames: {
              name: "DBParameterGroupName",
              "parameters.name": "ParameterName",
              "parameters.value": "ParameterValue",
            },
          },
        ),
      ),
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    create: (inputs) =>
      step(
        "elasticache",
        "CreateReplicationGroup",
        { ...inputs, ...logDeliveries(inputs) },
        {
          renames: {
            description: "ReplicationGroupDescription",
            nodeType: "CacheNodeType",
            parameterGroupName: "CacheParameterGroupName",
            subnetGroupName: "CacheSubnetGroupName",
            maintenanceWindow: "PreferredMaintenanceWindow",
            authTokenUpdateStrategy: undefined,
            applyImmediately: undefined,
            finalSnapshotIdentifier: undefined,
          },
        },
      ),
    outputs: ({ replicationGroupId, port }, answer, place) => {
      const name = String(replicationGroupId);
      const group = at(answer, "ReplicationGroup");
      const host = (start: string) => `${start}.${name}.abcdef.euc1.cache.amazonaws.com`;
      return {
        id: name,
        arn: arnAt(place, "elasticache", `replicationgroup:${name}`),
        primaryEndpointAddress: text(group, ["NodeGroups", 0, "PrimaryEndpoint", "Address"], host("master")),
        readerEndpointAddress: text(group, ["NodeGroups", 0, "ReaderEndpoint", "Address"], host("replica")),
        configurationEndpointAddress: text(group, ["ConfigurationEndpoint", "Address"], host("clustercfg")),
        memberClusters: [`${name}-001`, `${name}-002`],
        port,
      };
    },
    read: ({ replicationGroupId }) => step("elasticache", "DescribeReplicationGroups", { replicationGroupId }),
  },
  "aws:elasticache/subnetGroup:SubnetGroup": {
    create: (inputs) =>
      step("elasticache", "CreateCacheSubnetGroup", inputs, {
        renames: { name: "CacheSubnetGroupName", description: "CacheSubnetGroupDescription" },
      }),
    outputs: ({ name }) => ({ id: name }),
  },
  "aws:elasticache/parameterGroup:ParameterGroup": {
    create: (inputs) =>
      step("elasticache", "CreateCacheParameterGroup", without(inputs, "parameters"), {
        renames: { name: "CacheParameterGroupName", family: "CacheParameterGroupFamily" },
      }),
    outputs: ({ name }) => ({ id: name }),
    then: ({ name, parameters }) =>
      batches(parameters).map((batch) =>
        step(
          "elasticache",
          "ModifyCacheParameterGroup",
          { name, parameters: batch },
          {
            renames: {
              name: "CacheParameterGroupName",
              parameters: "ParameterNameValues",
              "parameters.name": "ParameterName",
              "parameters.value": "ParameterValue",
            },
          },
        ),
      ),
  },
  "aws:elasticache/user:User": {
    create: (inputs) => step("elasticache", "CreateUser", inputs),
    outputs: ({ userId }, _answer, place) => ({
      id: userId,
      arn: arnAt(place, "elasticache", `user:${String(userId)}`),
    }),
  },
  "aws:elasticache/userGroup:UserGroup": {
    create: (inputs) => step("elasticache", "CreateUserGroup", inputs),
    outputs: ({ userGroupId }, _answer, place) => ({
      id: userGroupId,
      arn: arnAt(place, "elasticache", `usergroup:${String(userGroupId)}`),
    }),
  },
  "aws:efs/fileSystem:FileSystem": {
    create: (inputs) => step("efs", "CreateFileSystem", without(inputs, "lifecyclePolicies")),
    outputs: (_inputs, answer, place) => {
      const id = text(answer, ["FileSystemId"], "fs-0123456789abcdef0");
      return {
        id,
        arn: arnAt(place, "elasticfilesystem", `file-system/${id}`),
        dnsName: `${id}.efs.${place.region}.amazonaws.com`,
      };
    },
    read: (_inputs, answer) => step("efs", "DescribeFileSystems", { fileSystemId: at(answer, "FileSystemId") }),
    then: ({ lifecyclePolicies }, { id }) =>
      lifecyclePolicies === undefined
        ? []
        : [step("efs", "PutLifecycleConfiguration", { fileSystemId: id, lifecyclePolicies })],
  },
  "aws:efs/mountTarget:MountTarget": {
    create: (inputs) => step("efs", "CreateMountTarget", inputs),
    outputs: (_inputs, answer) => ({ id: text(answer, ["MountTargetId"], "fsmt-0123456789abcdef0") }),
  },
  "aws:efs/accessPoint:AccessPoint": {
    create: (inputs) => step("efs", "CreateAccessPoint", inputs),
    outputs: (_inputs, answer, place) => {
      const id = text(answer, ["AccessPointId"], "fsap-0123456789abcdef0");
      return { id, arn: arnAt(place, "elasticfilesystem", `access-point/${id}`) };
    },
  },
  "aws:efs/fileSystemPolicy:FileSystemPolicy": {
    create: (inputs) => step("efs", "PutFileSystemPolicy", inputs),
  },
  "aws:efs/backupPolicy:BackupPolicy": {
    create: (inputs) => step("efs", "PutBackupPolicy", inputs),
  },
};
