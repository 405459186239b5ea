import assert from "node:assert/strict";

import fc from "fast-check";

import type { ProfileName } from "../profile.ts";
import type { ObjectStore } from "../spec/store.ts";
import { find, record, type RecordedResource } from "../testing/record.ts";
import { AccessLogBucket, accessLogPolicy } from "./objects-access-logs.ts";
import { bucketName, ObjectBucket } from "./objects.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const type = (kind: string) => `aws:s3/${kind[0]?.toLowerCase()}${kind.slice(1)}:${kind}`;

function deploy(store: string, profileName: ProfileName = "production"): Promise<RecordedResource[]> {
  const target = shopTarget(profileName);
  const specification = target.system.stores[store] as ObjectStore;
  return record(() => {
    const accessLogs = new AccessLogBucket("logs", { target }, {});
    return new ObjectBucket(`shop-${store}`, { target, store, specification, ...surroundings, accessLogs }, {});
  });
}

describe("The name of a bucket", () => {
  it("tells accounts and regions apart, and is legal for every store", () => {
    assert.equal(bucketName(shopTarget(), "audit"), `shop-test-audit-${account}-eucentral1`);
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/),
        fc.integer({ min: 1, max: 9 }),
        (store, zone) => {
          const target = shopTarget();
          target.aws = { ...target.aws, region: `ap-southeast-${zone}` };
          assert.match(bucketName(target, store), /^[a-z0-9]([a-z0-9-]{1,61})[a-z0-9]$/);
          assert.notEqual(bucketName(target, store), bucketName(shopTarget(), store));
        },
      ),
    );
  });
});

describe("An object store", () => {
  let resources: RecordedResource[];
  const bucket = bucketName(shopTarget(), "files");
  before(async () => (resources = await deploy("files")));

  it("is a protected bucket that nobody outside the account can open", () => {
    const found = find(resources, type("Bucket"), "shop-files-bucket");
    assert.deepEqual(found.inputs, { bucket, forceDestroy: false, tags: { component: "files" } });
    assert.equal(found.protect, true);
    assert.deepEqual(find(resources, type("BucketPublicAccessBlock"), "shop-files-bucket-public-access").inputs, {
      bucket,
      blockPublicAcls: true,
      blockPublicPolicy: true,
      ignorePublicAcls: true,
      restrictPublicBuckets: true,
    });
    assert.deepEqual(find(resources, type("BucketOwnershipControls"), "shop-files-bucket-ownership").inputs, {
      bucket,
      rule: { objectOwnership: "BucketOwnerEnforced" },
    });
    const { inputs } = find(resources, type("BucketPolicy"), "shop-files-bucket-policy");
    const { Statement } = JSON.parse(inputs["policy"] as string) as { Statement: Record<string, unknown>[] };
    assert.deepEqual(
      Statement.map(({ Sid, Effect, Condition }) => [Sid, Effect, Condition]),
      [
        [
          "OtherAccounts",
          "Deny",
          {
            StringNotEquals: { "aws:PrincipalAccount": account },
            BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
          },
        ],
        ["WithoutTls", "Deny", { Bool: { "aws:SecureTransport": "false" } }],
        ["OldTls", "Deny", { NumericLessThan: { "s3:TlsVersion": "1.2" } }],
      ],
    );
    for (const { Resource } of Statement) {
      assert.deepEqual(Resource, [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`]);
    }
  });

  it("is encrypted with the customer key, has versions, and logs its requests", () => {
    const encryption = find(resources, type("BucketServerSideEncryptionConfiguration"), "shop-files-bucket-encryption");
    assert.deepEqual(encryption.inputs["rules"], [
      {
        applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: "key-data" },
        bucketKeyEnabled: true,
      },
    ]);
    assert.deepEqual(find(resources, type("BucketVersioning"), "shop-files-bucket-versioning").inputs, {
      bucket,
      versioningConfiguration: { status: "Enabled" },
    });
    const logging = find(resources, type("BucketLogging"), "shop-files-access-logs");
    assert.deepEqual(logging.inputs, {
      bucket,
      targetBucket: bucketName(shopTarget(), "access-logs"),
      targetPrefix: "buckets/files/",
    });
    assert.ok(logging.dependencies.includes("logs-bucket-policy"));
  });

  it("keeps objects as specified, and older versions as long as backups", () => {
    const { inputs } = find(resources, type("BucketLifecycleConfiguration"), "shop-files-bucket-lifecycle");
    const [expire] = inputs["rules"] as Record<string, unknown>[];
    assert.deepEqual(expire, {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { days: 30 },
      noncurrentVersionExpiration: { noncurrentDays: 30 },
      abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
    });
  });

  it("is not locked unless the specification says so", () => {
    assert.throws(() => find(resources, type("BucketObjectLockConfiguration"), "shop-files-lock"));
  });
});

describe("A locked object store", () => {
  for (const [profileName, mode] of [
    ["production", "COMPLIANCE"],
    ["staging", "GOVERNANCE"],
  ] as const) {
    it(`cannot be changed before its retention ends (${mode} in ${profileName}), and is copied by the backup plan`, async () => {
      const resources = await deploy("audit", profileName);
      const { inputs } = find(resources, type("Bucket"), "shop-audit-bucket");
      assert.equal(inputs["objectLockEnabled"], true);
      assert.deepEqual(inputs["tags"], { component: "audit", backup: "daily" });
      const lock = find(resources, type("BucketObjectLockConfiguration"), "shop-audit-lock");
      assert.deepEqual(lock.inputs["rule"], { defaultRetention: { mode, days: 2555 } });
      assert.equal(lock.protect, true);
    });
  }
});

describe("The bucket of access logs", () => {
  it("uses keys of S3's own, which load balancers can use, and forgets after 90 days", async () => {
    const resources = await record(() => new AccessLogBucket("shop-logs", { target: shopTarget() }, {}));
    const encryption = find(resources, type("BucketServerSideEncryptionConfiguration"), "shop-logs-bucket-encryption");
    assert.deepEqual(encryption.inputs["rules"], [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }]);
    const { inputs } = find(resources, type("BucketLifecycleConfiguration"), "shop-logs-bucket-lifecycle");
    assert.deepEqual((inputs["rules"] as { expiration: object }[])[0]?.expiration, { days: 90 });
  });

  it("admits the deliveries of this account's load balancers and buckets, each in its place", () => {
    const bucket = bucketName(shopTarget(), "access-logs");
    const { Statement } = JSON.parse(accessLogPolicy(shopTarget())) as { Statement: Record<string, unknown>[] };
    const allowed = Statement.filter(({ Effect }) => Effect === "Allow");
    assert.deepEqual(
      allowed.map(({ Principal, Action, Resource, Condition }) => ({ Principal, Action, Resource, Condition })),
      [
        {
          Principal: { Service: ["logdelivery.elasticloadbalancing.amazonaws.com"] },
          Action: ["s3:PutObject"],
          Resource: [`arn:aws:s3:::${bucket}/load-balancers/AWSLogs/${account}/*`],
          Condition: {
            StringEquals: { "aws:SourceAccount": account },
            ArnLike: { "aws:SourceArn": `arn:aws:elasticloadbalancing:eu-central-1:${account}:loadbalancer/*` },
          },
        },
        {
          Principal: { Service: ["logging.s3.amazonaws.com"] },
          Action: ["s3:PutObject"],
          Resource: [`arn:aws:s3:::${bucket}/buckets/*`],
          Condition: { StringEquals: { "aws:SourceAccount": account } },
        },
      ],
    );
  });
});
