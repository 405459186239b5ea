import type { Check, Resource } from "../frame/check.ts";
import { definePolicy } from "../frame/policy.ts";
import { isDevelopment } from "../workloads/environment.ts";

/** AWS resources whose loss is a loss of data, with AWS's own protection where there is one. */
const DATA: Readonly<Record<string, string>> = {
  "aws:rds/instance:Instance": "deletionProtection",
  "aws:rds/cluster:Cluster": "deletionProtection",
  "aws:docdb/cluster:Cluster": "deletionProtection",
  "aws:dynamodb/table:Table": "deletionProtectionEnabled",
  "aws:elasticache/replicationGroup:ReplicationGroup": "",
  "aws:efs/fileSystem:FileSystem": "",
  "aws:ebs/volume:Volume": "",
  "aws:s3/bucket:Bucket": "",
  "aws:s3/bucketV2:BucketV2": "",
  "aws:sqs/queue:Queue": "",
  "aws:backup/vault:Vault": "",
  "aws:kms/key:Key": "",
  "aws:secretsmanager/secret:Secret": "",
  "kubernetes:core/v1:PersistentVolumeClaim": "",
};

const STATEFUL_SET = "kubernetes:apps/v1:StatefulSet";
const STORAGE_CLASS = "kubernetes:storage.k8s.io/v1:StorageClass";
const VOLUME = "kubernetes:core/v1:PersistentVolume";

/** No mistake in a program, and no deletion of a workload, takes data with it. */
export const protect = definePolicy({
  id: "POL-PROTECT",
  title: "Data resources protected from deletion",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["10.5.1"], soc2: ["A1.2"] },
  requirements: ["WS-SEC-19"],
  remediation: "Set Pulumi's protect option or AWS's deletion protection, and retain volumes of deleted workloads.",
  check(check, resource) {
    if (resource.type === STATEFUL_SET || resource.type === STORAGE_CLASS || resource.type === VOLUME) {
      checkVolumes(check, resource);
    }
    const own = Object.hasOwn(DATA, resource.type) ? DATA[resource.type] : undefined;
    if (own !== undefined && !isDevelopment(resource)) {
      checkData(check, resource, own);
    }
  },
  remediate(draft) {
    if (draft.type === STATEFUL_SET) {
      for (const when of ["whenDeleted", "whenScaled"]) {
        const policy = draft.get("spec", "persistentVolumeClaimRetentionPolicy", when);
        if (policy.value === "Delete") {
          policy.set("Retain");
        }
      }
    }
    if (draft.type === STORAGE_CLASS) {
      draft.get("reclaimPolicy").set("Retain");
    }
    const policy = draft.get("spec", "persistentVolumeReclaimPolicy");
    if (draft.type === VOLUME && !policy.absent) {
      policy.set("Retain");
    }
  },
});

function checkData(check: Check, { properties, protect = false }: Resource, own: string): void {
  check.expect(properties.get("forceDestroy"), (value) => value !== true, {
    expected: "false: what is full is not deleted",
  });
  if (!protect) {
    const field = own === "" ? properties : properties.get(own);
    check.expect(field, (value) => own !== "" && value === true, {
      found: own === "" ? "no protect option" : "no protect option and no deletion protection",
      expected: own === "" ? "the option protect: true" : `the option protect: true, or ${own}: true`,
    });
  }
}

/** What happens to volumes when their claim, or the workload that claims them, is deleted. */
function checkVolumes(check: Check, { type, properties }: Resource): void {
  if (type === STATEFUL_SET) {
    for (const when of ["whenDeleted", "whenScaled"]) {
      const policy = properties.get("spec", "persistentVolumeClaimRetentionPolicy", when);
      check.expect(policy, (value) => value !== "Delete", { expected: "Retain" });
    }
  } else if (type === STORAGE_CLASS) {
    // A class that says nothing deletes.
    check.expect(properties.get("reclaimPolicy"), (value) => value === "Retain", { expected: "Retain" });
  } else {
    // A volume that people make and that says nothing is retained.
    const policy = properties.get("spec", "persistentVolumeReclaimPolicy");
    check.expect(policy, (value) => value === undefined || value === "Retain", { expected: "Retain" });
  }
}
