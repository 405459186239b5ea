import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { app, ecs } from "../testing/monitoring.ts";

const trail = (changes: Record<string, unknown> = {}): TestResource => ({
  type: "aws:cloudtrail/trail:Trail",
  name: "trail",
  properties: {
    isMultiRegionTrail: true,
    enableLogFileValidation: true,
    kmsKeyId: "arn:aws:kms:eu-central-1:111122223333:key/operations",
    ...changes,
  },
});
const bucket = (objectLockEnabled: boolean): TestResource => ({
  type: "aws:s3/bucket:Bucket",
  name: "store",
  properties: { bucket: "shop-audit", objectLockEnabled },
});
const lock = (days: number): TestResource => ({
  type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  name: "lock",
  properties: { bucket: "shop-audit", rule: { defaultRetention: { mode: "COMPLIANCE", days } } },
});

export const examples: Examples = {
  good: [
    {
      title: "A locked bucket for payments, and a trail",
      resources: [...ecs("worldstore"), bucket(true), lock(2555), trail()],
    },
    { title: "A locked bucket beside a cluster", resources: [app("worldstore"), bucket(true), lock(2555)] },
  ],
  bad: [
    {
      title: "Tasks without a trail",
      resources: [...ecs("archesai"), bucket(false)],
      property: "the resource itself",
    },
    { title: "A cluster without an audit bucket", resources: [app("worldstore")], property: "the resource itself" },
    { title: "A bucket without a lock", resources: [app("worldstore"), bucket(false)], property: "objectLockEnabled" },
    {
      title: "A lock for a year",
      resources: [app("worldstore"), bucket(true), lock(365)],
      property: "rule.defaultRetention.days",
    },
    {
      title: "A trail of one region",
      resources: [trail({ isMultiRegionTrail: false })],
      property: "isMultiRegionTrail",
    },
    { title: "A trail that is off", resources: [trail({ enableLogging: false })], property: "enableLogging" },
    {
      title: "A trail whose files could be changed",
      resources: [trail({ enableLogFileValidation: false })],
      property: "enableLogFileValidation",
    },
  ],
};
