import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { encryptAtRest } from "./encrypt-at-rest.ts";

const POLICY = "encrypt-at-rest";
const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";
const BUCKET = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";

const aws = (type: string, properties: Record<string, unknown>, parameters = {}, name?: string) =>
  verdict(POLICY, { type, properties, ...(name !== undefined && { name }) }, { [POLICY]: { parameters } });
const bucket = (rule: unknown, name: unknown = "audit", parameters = {}) =>
  aws(BUCKET, { bucket: name, rules: [{ applyServerSideEncryptionByDefault: rule }] }, parameters);
const cluster = (kind: string, properties: Record<string, unknown>, parameters = {}) =>
  verdict(POLICY, kubernetes(kind, properties), { [POLICY]: { parameters } });

/** Every type with a switch, and what is right. */
const SWITCHED: Record<string, Record<string, unknown>> = {
  "aws:rds/instance:Instance": { storageEncrypted: true, kmsKeyId: KEY },
  "aws:rds/cluster:Cluster": { storageEncrypted: true, kmsKeyId: KEY },
  "aws:docdb/cluster:Cluster": { storageEncrypted: true, kmsKeyId: KEY },
  "aws:elasticache/replicationGroup:ReplicationGroup": { atRestEncryptionEnabled: true, kmsKeyId: KEY },
  "aws:efs/fileSystem:FileSystem": { encrypted: true, kmsKeyId: KEY },
  "aws:ebs/volume:Volume": { encrypted: true, kmsKeyId: KEY },
  "aws:ebs/snapshotCopy:SnapshotCopy": { encrypted: true, kmsKeyId: KEY },
  "aws:ebs/encryptionByDefault:EncryptionByDefault": { enabled: true },
};

const KEYED: Record<string, string> = {
  "aws:rds/snapshotCopy:SnapshotCopy": "kmsKeyId",
  "aws:rds/clusterSnapshotCopy:ClusterSnapshotCopy": "kmsKeyId",
  "aws:sqs/queue:Queue": "kmsMasterKeyId",
  "aws:sns/topic:Topic": "kmsMasterKeyId",
  "aws:cloudwatch/logGroup:LogGroup": "kmsKeyId",
  "aws:cloudtrail/trail:Trail": "kmsKeyId",
  "aws:backup/vault:Vault": "kmsKeyArn",
};

describe("POL-ENCRYPT-AT-REST (WS-SEC-36, WS-SEC-37, CC-SEC-13, RB-SEC-11)", () => {
  it("accepts stores that are encrypted under a customer key, and rejects their switch when it is off or absent", async () => {
    for (const [type, right] of Object.entries(SWITCHED)) {
      assert.deepEqual(await aws(type, right), [], type);
      const [on = "", key] = Object.keys(right);
      assert.deepEqual(await aws(type, { ...right, [on]: false }), [`mandatory ${on}: false`], type);
      const absent = [`mandatory ${on}: nothing`, ...(key === undefined ? [] : [`mandatory ${key}: nothing`])];
      assert.deepEqual(await aws(type, {}), absent, type);
    }
  });

  it("says what is wrong and what to do", async () => {
    const resource = { type: "aws:sns/topic:Topic", name: "alerts", properties: {} };
    assert.deepEqual(await firstReport(POLICY, resource), [
      "mandatory",
      "POL-ENCRYPT-AT-REST: Storage encrypted at rest",
      "  resource: alerts (aws:sns/topic:Topic)",
      "  property: kmsMasterKeyId",
      "  found:    nothing",
      "  expected: a customer key of KMS",
      "  fix:      Switch encryption on and name a customer key of KMS; on Kubernetes, use a class that encrypts.",
      "  required: WS-SEC-36, WS-SEC-37, CC-SEC-13, RB-SEC-11; AWS FSBP DocumentDB.1, EFS.1, EFS.8, ElastiCache.4, RDS.3, RDS.4, RDS.27, S3.17, SQS.1; PCI DSS 3.5.1; SOC 2 CC6.1, CC6.7",
    ]);
  });

  it("rejects the keys of AWS unless its configuration allows them", async () => {
    for (const [type, key] of Object.entries(KEYED)) {
      assert.deepEqual(await aws(type, { [key]: KEY }), [], type);
      assert.deepEqual(await aws(type, { [key]: "alias/own" }), [], type);
      for (const own of ["alias/aws/sqs", "arn:aws:kms:eu-central-1:111122223333:alias/aws/sqs", ""]) {
        assert.deepEqual(await aws(type, { [key]: own }), [`mandatory ${key}: ${JSON.stringify(own)}`], type);
      }
      assert.deepEqual(await aws(type, {}, { customerKeys: false }), [], type);
    }
    assert.deepEqual(await aws("aws:ebs/volume:Volume", {}, { customerKeys: false }), ["mandatory encrypted: nothing"]);
  });

  it("reads settings that stand deeper", async () => {
    const table = "aws:dynamodb/table:Table";
    assert.deepEqual(await aws(table, { serverSideEncryption: { enabled: true, kmsKeyArn: KEY } }), []);
    assert.deepEqual(await aws(table, {}), [
      "mandatory serverSideEncryption.enabled: nothing",
      "mandatory serverSideEncryption.kmsKeyArn: nothing",
    ]);
    const repository = "aws:ecr/repository:Repository";
    assert.deepEqual(await aws(repository, { encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: KEY }] }), []);
    assert.deepEqual(await aws(repository, { encryptionConfigurations: [{ encryptionType: "KMS" }] }), [
      "mandatory encryptionConfigurations[0].kmsKey: nothing",
    ]);
    assert.deepEqual(await aws(repository, {}), ["mandatory encryptionConfigurations: nothing"]);
    assert.deepEqual(await aws(repository, {}, { customerKeys: false }), []);
  });

  it("leaves replicas to the server that they copy", async () => {
    for (const source of ["replicateSourceDb", "replicationSourceIdentifier", "globalReplicationGroupId"]) {
      assert.deepEqual(await aws("aws:rds/instance:Instance", { [source]: "primary" }), []);
    }
  });

  it("asks buckets for KMS but those into which AWS writes logs", async () => {
    const at = "rules[0].applyServerSideEncryptionByDefault";
    assert.deepEqual(await bucket({ sseAlgorithm: "aws:kms", kmsMasterKeyId: KEY }), []);
    assert.deepEqual(await bucket({ sseAlgorithm: "aws:kms:dsse", kmsMasterKeyId: KEY }), []);
    assert.deepEqual(await bucket({ sseAlgorithm: "AES256" }), [
      `mandatory ${at}.sseAlgorithm: "AES256"`,
      `mandatory ${at}.kmsMasterKeyId: nothing`,
    ]);
    assert.deepEqual(await bucket({ sseAlgorithm: "AES256" }, "worldstore-access-logs-1"), []);
    assert.deepEqual(await bucket({ sseAlgorithm: "AES256" }, "worldstore-prod-trail-1"), []);
    assert.deepEqual(await bucket({}, "worldstore-access-logs-1"), [`mandatory ${at}.sseAlgorithm: nothing`]);
    assert.deepEqual(await bucket({ sseAlgorithm: "AES256" }, "audit", { customerKeys: false }), []);
    assert.deepEqual(await bucket({ sseAlgorithm: "AES256" }, "audit", { bucketsWithoutKey: ["audit"] }), []);
    const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }];
    assert.deepEqual(await aws(BUCKET, { bucket: UNKNOWN, rules }, {}, "access-logs-encryption"), []);
    assert.deepEqual(await aws(BUCKET, { bucket: "audit" }), ["mandatory rules: nothing"]);
    assert.deepEqual(await aws(BUCKET, { bucket: "audit", rules: UNKNOWN }), ["advisory not evaluated: rules"]);
  });

  it("asks classes of drivers with a switch for it, and claims for a class", async () => {
    const storage = (provisioner: string, parameters: unknown) =>
      cluster("storage.k8s.io/v1:StorageClass", { provisioner, parameters });
    assert.deepEqual(await storage("ebs.csi.aws.com", { encrypted: "true" }), []);
    assert.deepEqual(await storage("ebs.csi.aws.com", { encrypted: "false" }), [
      'mandatory parameters.encrypted: "false"',
    ]);
    assert.deepEqual(await storage("kubernetes.io/aws-ebs", undefined), ["mandatory parameters.encrypted: nothing"]);
    assert.deepEqual(await storage("pd.csi.storage.gke.io", undefined), []);
    const parameters = { storageClasses: ["encrypted"] };
    const claim = (storageClassName: unknown) =>
      cluster("core/v1:PersistentVolumeClaim", { spec: { storageClassName } }, parameters);
    assert.deepEqual(await claim("encrypted"), []);
    assert.deepEqual(await claim(undefined), ["mandatory spec.storageClassName: nothing"]);
    const spec = { volumeClaimTemplates: [{ spec: {} }] };
    assert.deepEqual(await cluster("apps/v1:StatefulSet", { spec }, parameters), [
      "mandatory spec.volumeClaimTemplates[0].spec.storageClassName: nothing",
    ]);
    assert.deepEqual(await cluster("apps/v1:StatefulSet", { spec }), []);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await aws("aws:efs/fileSystem:FileSystem", { encrypted: false, kmsKeyId: UNKNOWN }), [
      "mandatory encrypted: false",
      "advisory not evaluated: kmsKeyId",
    ]);
  });

  it("remediates switches, not keys", () => {
    const remediated = (type: string, properties: Record<string, unknown>) => {
      const draft = new ResourceDraft({ type, name: "n" }, structuredClone(properties));
      encryptAtRest.remediate?.(draft, {});
      return draft.properties;
    };
    for (const [type, right] of Object.entries(SWITCHED)) {
      const [on = ""] = Object.keys(right);
      assert.deepEqual(remediated(type, { [on]: false }), { [on]: true });
      assert.deepEqual(remediated(type, right), right);
    }
    assert.deepEqual(remediated("aws:rds/instance:Instance", { replicateSourceDb: "p" }), { replicateSourceDb: "p" });
    assert.deepEqual(remediated("aws:sqs/queue:Queue", {}), {});
    const plain = { provisioner: "ebs.csi.aws.com" };
    const encrypted = { ...plain, parameters: { encrypted: "true" } };
    assert.deepEqual(remediated("kubernetes:storage.k8s.io/v1:StorageClass", plain), encrypted);
    assert.deepEqual(remediated("kubernetes:storage.k8s.io/v1:StorageClass", { provisioner: "x" }), {
      provisioner: "x",
    });
  });
});
