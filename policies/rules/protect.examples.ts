import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const database = (properties: Record<string, unknown>, protect: boolean): TestResource => ({
  type: "aws:rds/instance:Instance",
  name: "postgres",
  properties: { engine: "postgres", ...properties },
  protect,
});

const claim: TestResource = kubernetes("core/v1:PersistentVolumeClaim", { spec: { accessModes: ["ReadWriteOnce"] } });

export const examples: Examples = {
  good: [
    { title: "A database with Pulumi's protect option", resources: [database({}, true)] },
    { title: "A database with AWS's deletion protection", resources: [database({ deletionProtection: true }, false)] },
    { title: "A protected claim", resources: [{ ...claim, protect: true }] },
    {
      title: "A class whose volumes outlive their claims",
      resources: [kubernetes("storage.k8s.io/v1:StorageClass", { reclaimPolicy: "Retain" })],
    },
  ],
  bad: [
    {
      title: "A database that any mistake deletes",
      resources: [database({ deletionProtection: false }, false)],
      property: "deletionProtection",
    },
    {
      title: "A bucket that is emptied when it is deleted",
      resources: [{ type: "aws:s3/bucket:Bucket", properties: { forceDestroy: true }, protect: true }],
      property: "forceDestroy",
    },
    { title: "A claim without protection", resources: [claim], property: "the resource itself" },
    {
      title: "A class whose volumes vanish with their claims",
      resources: [kubernetes("storage.k8s.io/v1:StorageClass", {})],
      property: "reclaimPolicy",
    },
  ],
};
