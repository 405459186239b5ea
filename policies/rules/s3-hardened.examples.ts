import { inlineBucket, policyOf, splitBucket } from "../testing/bucket-fixtures.ts";
import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [
    { title: "A bucket with a resource for each setting", resources: splitBucket() },
    { title: "A bucket with its settings within", resources: inlineBucket() },
  ],
  bad: [
    {
      title: "A bucket that forgets what is overwritten",
      resources: splitBucket({ versioning: undefined }),
      property: "versioning",
    },
    {
      title: "A bucket that answers without TLS",
      resources: splitBucket({ policy: policyOf() }),
      property: "policy",
    },
    {
      title: "A bucket that access lists may open",
      resources: splitBucket({
        publicAccess: { blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      }),
      property: "blockPublicAcls",
    },
  ],
};
