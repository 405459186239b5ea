/** Why AWS cannot change a property of something that exists. */
interface Fixed {
  /** The properties, as the program writes them; a change of one makes a new resource. */
  properties: readonly string[];
  /** Service and operations that change such a resource, none of which takes the properties. */
  changedBy: readonly [service: string, ...operations: string[]];
}

/**
 * What AWS fixes for good when something that holds data is made: the operations that change it do not take it. The name of
 * a database's instance is not among them: AWS changes it in place.
 */
export const fixedForGood: Readonly<Record<string, Fixed>> = {
  "aws:backup/vault:Vault": { properties: ["name", "kmsKeyArn"], changedBy: ["backup"] },
  "aws:cloudwatch/logGroup:LogGroup": { properties: ["name", "logGroupClass"], changedBy: ["logs"] },
  "aws:ecr/repository:Repository": {
    properties: ["name", "encryptionConfigurations"],
    changedBy: ["ecr", "PutImageTagMutability", "PutImageScanningConfiguration"],
  },
  "aws:efs/accessPoint:AccessPoint": {
    properties: ["fileSystemId", "posixUser", "rootDirectory"],
    changedBy: ["efs"],
  },
  "aws:efs/fileSystem:FileSystem": {
    properties: ["creationToken", "encrypted", "kmsKeyId", "performanceMode", "availabilityZoneName"],
    changedBy: ["efs", "UpdateFileSystem"],
  },
  "aws:elasticache/replicationGroup:ReplicationGroup": {
    properties: ["replicationGroupId", "atRestEncryptionEnabled", "kmsKeyId", "networkType", "port", "subnetGroupName"],
    changedBy: ["elasticache", "ModifyReplicationGroup"],
  },
  "aws:rds/instance:Instance": {
    properties: [
      "availabilityZone",
      "characterSetName",
      "dbName",
      "engine",
      "kmsKeyId",
      "storageEncrypted",
      "timezone",
      "username",
    ],
    changedBy: ["rds", "ModifyDBInstance"],
  },
  "aws:s3/bucket:Bucket": { properties: ["bucket", "objectLockEnabled"], changedBy: ["s3"] },
  "aws:secretsmanager/secret:Secret": { properties: ["name"], changedBy: ["secretsmanager", "UpdateSecret"] },
  "aws:sqs/queue:Queue": { properties: ["name", "fifoQueue"], changedBy: ["sqs", "SetQueueAttributes"] },
};

/** Whether a change of the property makes a new resource and takes the old one away. */
export function isFixed(type: string, property: string): boolean {
  return fixedForGood[type]?.properties.includes(property) ?? false;
}
