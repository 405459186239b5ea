import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { protect as policy } from "./protect.ts";

const POLICY = "protect";

const aws = (type: string, properties: Record<string, unknown>, protect = false) =>
  verdict(POLICY, { type, properties, protect });
const database = (deletionProtection: unknown, protect = false) =>
  aws("aws:rds/instance:Instance", { deletionProtection }, protect);
const cluster = (kind: string, properties: Record<string, unknown>) => verdict(POLICY, kubernetes(kind, properties));

describe("POL-PROTECT (WS-SEC-19)", () => {
  it("accepts Pulumi's protection or AWS's own", async () => {
    assert.deepEqual(await database(undefined, true), []);
    assert.deepEqual(await database(true), []);
    assert.deepEqual(await aws("aws:dynamodb/table:Table", { deletionProtectionEnabled: true }), []);
    assert.deepEqual(await aws("aws:s3/bucket:Bucket", { forceDestroy: false }, true), []);
    assert.deepEqual(await stackVerdict(POLICY, [{ type: "aws:kms/key:Key", properties: {}, protect: true }]), []);
    assert.deepEqual(await aws("aws:ec2/vpc:Vpc", {}), []);
  });

  it("says what is wrong and what to do", async () => {
    const files = { type: "aws:efs/fileSystem:FileSystem", name: "files", properties: {} };
    assert.deepEqual(await firstReport(POLICY, files), [
      "mandatory",
      "POL-PROTECT: Data resources protected from deletion",
      "  resource: files (aws:efs/fileSystem:FileSystem)",
      "  property: the resource itself",
      "  found:    no protect option",
      "  expected: the option protect: true",
      "  fix:      Set Pulumi's protect option or AWS's deletion protection, and retain volumes of deleted workloads.",
      "  required: WS-SEC-19; PCI DSS 10.5.1; SOC 2 A1.2",
    ]);
  });

  it("rejects data with neither, and reads absent as none", async () => {
    const neither = ["mandatory deletionProtection: no protect option and no deletion protection"];
    assert.deepEqual(await database(false), neither);
    assert.deepEqual(await database(undefined), neither);
    for (const type of [
      "aws:elasticache/replicationGroup:ReplicationGroup",
      "aws:ebs/volume:Volume",
      "aws:s3/bucketV2:BucketV2",
      "aws:sqs/queue:Queue",
      "aws:backup/vault:Vault",
      "aws:kms/key:Key",
      "aws:secretsmanager/secret:Secret",
      "kubernetes:core/v1:PersistentVolumeClaim",
    ]) {
      assert.deepEqual(await aws(type, {}), ["mandatory the resource itself: no protect option"], type);
    }
    for (const type of ["aws:rds/cluster:Cluster", "aws:docdb/cluster:Cluster"]) {
      assert.deepEqual(await aws(type, {}), neither, type);
    }
  });

  it("rejects buckets and vaults that are emptied to be deleted", async () => {
    assert.deepEqual(await aws("aws:s3/bucket:Bucket", { forceDestroy: true }, true), ["mandatory forceDestroy: true"]);
  });

  it("leaves development alone", async () => {
    assert.deepEqual(await aws("aws:s3/bucket:Bucket", { forceDestroy: true, tags: { environment: "dev" } }), []);
    const metadata = { labels: { environment: "dev" } };
    assert.deepEqual(await cluster("core/v1:PersistentVolumeClaim", { metadata }), []);
    assert.deepEqual(await aws("aws:sqs/queue:Queue", { tags: { environment: "prod" } }), [
      "mandatory the resource itself: no protect option",
    ]);
  });

  it("rejects volumes that vanish with their workload or claim", async () => {
    const set = (when: unknown) =>
      cluster("apps/v1:StatefulSet", { spec: { persistentVolumeClaimRetentionPolicy: when } });
    assert.deepEqual(await set({ whenDeleted: "Retain", whenScaled: "Retain" }), []);
    assert.deepEqual(await set(undefined), []);
    assert.deepEqual(await set({ whenDeleted: "Delete", whenScaled: "Delete" }), [
      'mandatory spec.persistentVolumeClaimRetentionPolicy.whenDeleted: "Delete"',
      'mandatory spec.persistentVolumeClaimRetentionPolicy.whenScaled: "Delete"',
    ]);
    const storage = "storage.k8s.io/v1:StorageClass";
    assert.deepEqual(await cluster(storage, { reclaimPolicy: "Retain" }), []);
    assert.deepEqual(await cluster(storage, { reclaimPolicy: "Delete" }), ['mandatory reclaimPolicy: "Delete"']);
    assert.deepEqual(await cluster(storage, {}), ["mandatory reclaimPolicy: nothing"]);
    const volume = (value: unknown) =>
      cluster("core/v1:PersistentVolume", { spec: { persistentVolumeReclaimPolicy: value } });
    assert.deepEqual(await volume("Retain"), []);
    assert.deepEqual(await volume(undefined), []);
    assert.deepEqual(await volume("Recycle"), ['mandatory spec.persistentVolumeReclaimPolicy: "Recycle"']);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await database(UNKNOWN), ["advisory not evaluated: deletionProtection"]);
    assert.deepEqual(await database(UNKNOWN, true), []);
    assert.deepEqual(await cluster("storage.k8s.io/v1:StorageClass", { reclaimPolicy: UNKNOWN }), [
      "advisory not evaluated: reclaimPolicy",
    ]);
  });

  it("accepts an exemption until its end", async () => {
    const expires = new Date(Date.now() + 864e5 * 30).toISOString().slice(0, 10);
    const exemptions = [{ policy: "POL-PROTECT", urn: "*::subject", reason: "cache", owner: "platform", expires }];
    const queue = { type: "aws:sqs/queue:Queue", properties: {} };
    assert.deepEqual(await verdict(POLICY, queue, { exemptions: { parameters: { exemptions } } }), [
      `advisory the resource itself: exempt until ${expires}, owner platform: cache`,
    ]);
  });

  it("remediates what would delete volumes, and nothing else", () => {
    const remediated = (type: string, properties: Record<string, unknown>) => {
      const draft = new ResourceDraft({ type, name: "n" }, structuredClone(properties));
      policy.remediate?.(draft, {});
      return draft.properties;
    };
    const set = "kubernetes:apps/v1:StatefulSet";
    const retained = {
      spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" } },
    };
    const deleted = { spec: { persistentVolumeClaimRetentionPolicy: { whenDeleted: "Delete", whenScaled: "Delete" } } };
    assert.deepEqual(remediated(set, deleted), retained);
    assert.deepEqual(remediated(set, retained), retained);
    assert.deepEqual(remediated(set, { spec: {} }), { spec: {} });
    assert.deepEqual(remediated("kubernetes:storage.k8s.io/v1:StorageClass", {}), { reclaimPolicy: "Retain" });
    const volume = "kubernetes:core/v1:PersistentVolume";
    assert.deepEqual(remediated(volume, { spec: { persistentVolumeReclaimPolicy: "Delete" } }), {
      spec: { persistentVolumeReclaimPolicy: "Retain" },
    });
    assert.deepEqual(remediated(volume, { spec: {} }), { spec: {} });
    assert.deepEqual(remediated("aws:sqs/queue:Queue", deleted), deleted);
  });
});
