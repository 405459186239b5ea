import { definePolicy } from "../frame/policy.ts";
import { refersTo } from "../workloads/links.ts";
import { isNotOff, isOn } from "../workloads/values.ts";

const ACCOUNT = "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock";
const DIRECTORY = "aws:s3/directoryBucket:DirectoryBucket";
const LIFECYCLE = /^aws:s3\/bucketLifecycleConfiguration(?:V2)?:/;

/** Where the ways to buckets keep their four settings against the public; AWS sets those of access points by itself. */
const BLOCKS: Readonly<Record<string, { path: readonly string[]; byDefault: boolean }>> = {
  [ACCOUNT]: { path: [], byDefault: false },
  "aws:s3/accessPoint:AccessPoint": { path: ["publicAccessBlockConfiguration"], byDefault: true },
  "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint": {
    path: ["details", "publicAccessBlock"],
    byDefault: true,
  },
};
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;

/** No way around a closed bucket, and nothing kept for ever in buckets of single zones. */
export const awsS3 = definePolicy({
  id: "POL-AWS-S3",
  title: "Accounts and access points of S3 closed, directory buckets with a lifecycle",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["S3.1", "S3.19", "S3.24", "S3.25"], pci: ["1.4.4"] },
  requirements: ["EB-SEC-13", "EB-SEC-20"],
  remediation: "Set all four settings against the public to true.",
  check(check, { type, properties }) {
    const block = BLOCKS[type];
    if (block !== undefined) {
      const place = block.path.length === 0 ? properties : properties.get(...block.path);
      const closed = block.byDefault ? isNotOff : isOn;
      FLAGS.forEach((flag) => check.expect(place.get(flag), closed, { expected: "true" }));
    }
  },
  checkStack(stack) {
    const lifecycles = stack.resources.filter(({ type }) => LIFECYCLE.test(type));
    for (const bucket of stack.index.ofType(DIRECTORY)) {
      const own = lifecycles.some((one) =>
        refersTo(one, one.properties.get("bucket"), bucket, ["bucket", "id", "arn"]),
      );
      if (!own) {
        stack.check(bucket).object(bucket.properties.get("bucket"), {
          found: "a bucket without a lifecycle",
          expected: "rules that let old objects expire",
          fix: "Add an aws.s3.BucketLifecycleConfiguration.",
        });
      }
    }
  },
  remediate(draft) {
    const block = BLOCKS[draft.type];
    for (const flag of block === undefined ? [] : FLAGS) {
      const field = draft.get(...(block?.path ?? []), flag);
      if (!field.absent || !block?.byDefault) {
        field.set(true);
      }
    }
  },
});
