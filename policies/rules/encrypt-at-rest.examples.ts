import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const kmsKeyId = "arn:aws:kms:eu-central-1:111122223333:key/0a1b2c3d";

const files = (properties: Record<string, unknown>) => ({
  type: "aws:efs/fileSystem:FileSystem",
  name: "files",
  properties: { encrypted: true, kmsKeyId, ...properties },
});

const storage = (parameters: Record<string, string>) =>
  kubernetes("storage.k8s.io/v1:StorageClass", { provisioner: "ebs.csi.aws.com", parameters });

export const examples: Examples = {
  good: [
    { title: "A file system under a customer key", resources: [files({})] },
    { title: "A class whose volumes are encrypted", resources: [storage({ encrypted: "true" })] },
  ],
  bad: [
    { title: "A file system that is not encrypted", resources: [files({ encrypted: false })], property: "encrypted" },
    {
      title: "A file system under AWS's own key",
      resources: [files({ kmsKeyId: "alias/aws/elasticfilesystem" })],
      property: "kmsKeyId",
    },
    {
      title: "A bucket without a key",
      resources: [
        {
          type: "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
          name: "audit",
          properties: { bucket: "audit", rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }] },
        },
      ],
      property: "rules[0].applyServerSideEncryptionByDefault.sseAlgorithm",
    },
    { title: "A class whose volumes are plain", resources: [storage({})], property: "parameters.encrypted" },
  ],
};
