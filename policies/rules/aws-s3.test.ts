import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { awsS3 } from "./aws-s3.ts";

const POLICY = "aws-s3";
const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"];
const CLOSED = Object.fromEntries(FLAGS.map((flag) => [flag, true]));

const account = (properties: Record<string, unknown>): TestResource => ({
  type: "aws:s3/accountPublicAccessBlock:AccountPublicAccessBlock",
  properties,
});
const point = (publicAccessBlockConfiguration: unknown): TestResource => ({
  type: "aws:s3/accessPoint:AccessPoint",
  properties: { bucket: "media", publicAccessBlockConfiguration },
});
const multiRegion = (publicAccessBlock: unknown): TestResource => ({
  type: "aws:s3control/multiRegionAccessPoint:MultiRegionAccessPoint",
  properties: { details: { name: "media", publicAccessBlock } },
});
const directory: TestResource = {
  type: "aws:s3/directoryBucket:DirectoryBucket",
  properties: { bucket: "media--euc1-az1--x-s3" },
};
const lifecycle = (bucket: unknown): TestResource => ({
  type: "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  properties: { bucket, rules: [] },
});

describe("POL-AWS-S3 (EB-SEC-13, EB-SEC-20)", () => {
  it("accepts closed accounts, and access points as AWS makes them", async () => {
    for (const resource of [account(CLOSED), point(undefined), point(CLOSED), multiRegion(undefined)]) {
      assert.deepEqual(await verdict(POLICY, resource), [], resource.type);
    }
  });

  it("rejects each setting that is open", async () => {
    for (const flag of FLAGS) {
      const open = { ...CLOSED, [flag]: false };
      assert.deepEqual(await verdict(POLICY, account(open)), [`mandatory ${flag}: false`]);
      assert.deepEqual(await verdict(POLICY, account({ ...CLOSED, [flag]: undefined })), [
        `mandatory ${flag}: nothing`,
      ]);
      assert.deepEqual(await verdict(POLICY, point(open)), [`mandatory publicAccessBlockConfiguration.${flag}: false`]);
      assert.deepEqual(await verdict(POLICY, multiRegion(open)), [
        `mandatory details.publicAccessBlock.${flag}: false`,
      ]);
    }
  });

  it("goes on past values that are not known yet", async () => {
    const open = { ...CLOSED, blockPublicAcls: UNKNOWN, ignorePublicAcls: false };
    assert.deepEqual(await verdict(POLICY, account(open)), [
      "mandatory ignorePublicAcls: false",
      "advisory not evaluated: blockPublicAcls",
    ]);
    assert.deepEqual(await verdict(POLICY, point(UNKNOWN)), ["advisory not evaluated: publicAccessBlockConfiguration"]);
  });

  it("wants a lifecycle of directory buckets, found by name or reference", async () => {
    const found = ["mandatory bucket: a bucket without a lifecycle"];
    assert.deepEqual(await stackVerdict(POLICY, [directory]), found);
    assert.deepEqual(await stackVerdict(POLICY, [directory, lifecycle("other")]), found);
    assert.deepEqual(await stackVerdict(POLICY, [directory, lifecycle("media--euc1-az1--x-s3")]), []);
    const referring = { ...lifecycle(UNKNOWN), propertyDependencies: { bucket: [urnOf(directory)] } };
    assert.deepEqual(await stackVerdict(POLICY, [directory, referring]), []);
  });

  it("is put right without knowing more", () => {
    for (const open of [
      account({}),
      point({ ...CLOSED, blockPublicAcls: false }),
      multiRegion({ ignorePublicAcls: false }),
    ]) {
      assert.deepEqual(verdictRemediated(awsS3, open), { verdict: [], idempotent: true });
    }
    assert.deepEqual(remediated(awsS3, account({})).properties, CLOSED);
    for (const right of [account(CLOSED), point(undefined), multiRegion(undefined), directory]) {
      assert.deepEqual(remediated(awsS3, right), right);
    }
  });
});
