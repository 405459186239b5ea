import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";

interface Parameters {
  customerKeys: boolean;
  bucketsWithoutKey: string[];
  storageClasses: string[];
}

/** How a resource of AWS says that it is encrypted, and under which key. */
interface Encryption {
  /** The switch, where encryption is not the only way. */
  on?: string;
  /** The customer key; null when the resource takes that of its source. */
  key: string | null;
}

const STORES: Readonly<Record<string, Encryption>> = {
  "aws:rds/instance:Instance": { on: "storageEncrypted", key: "kmsKeyId" },
  "aws:rds/cluster:Cluster": { on: "storageEncrypted", key: "kmsKeyId" },
  "aws:rds/snapshotCopy:SnapshotCopy": { key: "kmsKeyId" },
  "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": { key: "kmsKeyId" },
  "aws:docdb/cluster:Cluster": { on: "storageEncrypted", key: "kmsKeyId" },
  "aws:elasticache/replicationGroup:ReplicationGroup": { on: "atRestEncryptionEnabled", key: "kmsKeyId" },
  "aws:efs/fileSystem:FileSystem": { on: "encrypted", key: "kmsKeyId" },
  "aws:ebs/volume:Volume": { on: "encrypted", key: "kmsKeyId" },
  "aws:ebs/snapshotCopy:SnapshotCopy": { on: "encrypted", key: "kmsKeyId" },
  "aws:ebs/encryptionByDefault:EncryptionByDefault": { on: "enabled", key: null },
  "aws:dynamodb/table:Table": { on: "serverSideEncryption.enabled", key: "serverSideEncryption.kmsKeyArn" },
  "aws:sqs/queue:Queue": { key: "kmsMasterKeyId" },
  "aws:sns/topic:Topic": { key: "kmsMasterKeyId" },
  "aws:cloudwatch/logGroup:LogGroup": { key: "kmsKeyId" },
  "aws:cloudtrail/trail:Trail": { key: "kmsKeyId" },
  "aws:backup/vault:Vault": { key: "kmsKeyArn" },
};

/** What a replica takes from the server that it copies. */
const SOURCES = ["replicateSourceDb", "replicationSourceIdentifier", "globalReplicationGroupId"];

const BUCKET_ENCRYPTION = /^aws:s3\/bucketServerSideEncryptionConfiguration(?:V2)?:/;
const REPOSITORY = "aws:ecr/repository:Repository";
const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";

/** Storage drivers that encrypt only when the class says so. */
const SWITCHED =
  /^(?:kubernetes\.io\/aws-ebs|ebs\.csi\.aws\.com|efs\.csi\.aws\.com|fsx\.csi\.aws\.com|disk\.csi\.linode\.com)$/;

/** Everything that is kept is encrypted, under a key that the account can withdraw. */
export const encryptAtRest = definePolicy<Parameters>({
  id: "POL-ENCRYPT-AT-REST",
  title: "Storage encrypted at rest",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: {
    fsbp: ["DocumentDB.1", "EFS.1", "EFS.8", "ElastiCache.4", "RDS.3", "RDS.4", "RDS.27", "S3.17", "SQS.1"],
    pci: ["3.5.1"],
    soc2: ["CC6.1", "CC6.7"],
  },
  requirements: ["WS-SEC-36", "WS-SEC-37", "CC-SEC-13", "RB-SEC-11"],
  remediation: "Switch encryption on and name a customer key of KMS; on Kubernetes, use a class that encrypts.",
  parameters: {
    customerKeys: { type: "boolean", description: "Demand keys of the account, not those of AWS.", default: true },
    bucketsWithoutKey: {
      type: "array",
      items: { type: "string" },
      description:
        "Parts of names of buckets without a key: access logs cannot have one, CloudTrail names its own with each file.",
      default: ["access-logs", "-trail-"],
    },
    storageClasses: {
      type: "array",
      items: { type: "string" },
      description: "Storage classes that encrypt and that every claim must name; none: any.",
      default: [],
    },
  },
  check(check, resource, parameters) {
    const { type, properties } = resource;
    const store = Object.hasOwn(STORES, type) ? STORES[type] : undefined;
    if (store !== undefined && !SOURCES.some((source) => !properties.get(source).absent)) {
      checkStore(check, resource, store, parameters.customerKeys);
    }
    if (BUCKET_ENCRYPTION.test(type)) {
      checkBucket(check, resource, parameters);
    }
    if (type === REPOSITORY && parameters.customerKeys) {
      const [first] = check.items(properties.get("encryptionConfigurations"));
      expectKey(check, first?.get("kmsKey") ?? properties.get("encryptionConfigurations"));
    }
    checkCluster(check, resource, parameters.storageClasses);
  },
  remediate(draft) {
    const store = Object.hasOwn(STORES, draft.type) ? STORES[draft.type] : undefined;
    if (store?.on !== undefined && SOURCES.every((source) => draft.get(source).absent)) {
      draft.get(...store.on.split(".")).set(true);
    }
    const { type } = draft;
    if (type === STORAGE_CLASS && SWITCHED.test(textOf(draft.get("provisioner").value))) {
      draft.get("parameters", "encrypted").set("true");
    }
  },
});

function checkStore(check: Check, { properties }: Resource, { on, key }: Encryption, customerKeys: boolean): void {
  if (on !== undefined) {
    check.expect(properties.get(...on.split(".")), (value) => value === true, { expected: "true" });
  }
  if (key !== null && customerKeys) {
    expectKey(check, properties.get(...key.split(".")));
  }
}

/** Keys of AWS cannot be withdrawn, and their policy cannot be narrowed. */
function expectKey(check: Check, field: Field): void {
  check.expect(field, (value) => typeof value === "string" && !/^$|(?:^|:)alias\/aws\//.test(value), {
    expected: "a customer key of KMS",
  });
}

function checkBucket(
  check: Check,
  { name, properties }: Resource,
  { customerKeys, bucketsWithoutKey }: Parameters,
): void {
  const bucket = textOf(properties.get("bucket").value);
  const withoutKey = bucketsWithoutKey.some((part) => bucket.includes(part) || (bucket === "" && name.includes(part)));
  const rules = properties.get("rules");
  if (check.known(rules) && rules.items().length === 0) {
    check.object(rules, { expected: "a rule that encrypts with a customer key of KMS" });
  }
  for (const rule of rules.items()) {
    const byDefault = rule.get("applyServerSideEncryptionByDefault");
    check.expect(
      byDefault.get("sseAlgorithm"),
      (value) => /^aws:kms(?::dsse)?$/.test(textOf(value)) || (value === "AES256" && (withoutKey || !customerKeys)),
      { expected: "aws:kms" },
    );
    if (customerKeys && !withoutKey) {
      expectKey(check, byDefault.get("kmsMasterKeyId"));
    }
  }
}

function checkCluster(check: Check, { type, properties }: Resource, storageClasses: readonly string[]): void {
  if (type === STORAGE_CLASS && SWITCHED.test(textOf(properties.get("provisioner").value))) {
    check.expect(properties.get("parameters", "encrypted"), (value) => textOf(value) === "true", {
      expected: '"true"',
    });
  }
  const claims =
    type === CLAIM
      ? [properties]
      : type === STATEFUL_SET
        ? check.items(properties.get("spec", "volumeClaimTemplates"))
        : [];
  if (storageClasses.length > 0) {
    for (const claim of claims) {
      check.expect(claim.get("spec", "storageClassName"), (value) => storageClasses.includes(textOf(value)), {
        expected: `a class that encrypts: ${storageClasses.join(", ")}`,
      });
    }
  }
}
