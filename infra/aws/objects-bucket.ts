import { Bucket } from "@pulumi/aws/s3/bucket.js";
import { BucketLifecycleConfiguration } from "@pulumi/aws/s3/bucketLifecycleConfiguration.js";
import { BucketOwnershipControls } from "@pulumi/aws/s3/bucketOwnershipControls.js";
import { BucketPolicy } from "@pulumi/aws/s3/bucketPolicy.js";
import { BucketPublicAccessBlock } from "@pulumi/aws/s3/bucketPublicAccessBlock.js";
import { BucketServerSideEncryptionConfiguration } from "@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js";
import { BucketVersioning } from "@pulumi/aws/s3/bucketVersioning.js";
import type { s3 } from "@pulumi/aws/types/input.js";
import * as pulumi from "@pulumi/pulumi";

import { bucketArn } from "./arns.ts";
import type { Statement } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** Days after which the parts of an upload that was never finished go. */
const unfinishedDays = 7;

/** What a private bucket needs. */
export interface PrivateBucketArgs {
  target: Target;
  /** The bucket's name. */
  bucket: string;
  /** The store or concern, for costs. */
  component: string;
  protect: boolean;
  /** The bucket's policy; it holds the `refusals`. */
  policy: string;
  /** Customer key. @default keys of S3's own */
  keyArn?: pulumi.Input<string>;
  /** Days after which objects expire. */
  keptDays: number;
  /** Days for which what was overwritten, deleted or has expired can still be brought back. */
  replacedDays: number;
  /** Whether objects can be locked, which only a new bucket can be told. @default false */
  lockable?: boolean;
  /** Tags beside the component's. @default none */
  tags?: Record<string, string>;
}

/** A bucket that nobody outside the account sees, encrypted and with versions (POL-S3-HARDENED). */
export class PrivateBucket extends pulumi.ComponentResource {
  constructor(name: string, args: PrivateBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:PrivateBucket", name, {}, opts);
    const { component, protect, policy, keyArn, lockable, tags } = args;
    const bucket = new Bucket(
      name,
      {
        bucket: args.bucket,
        forceDestroy: !protect,
        ...(lockable ? { objectLockEnabled: true } : {}),
        tags: componentTags(component, tags),
      },
      { parent: this, protect },
    );
    const part = { bucket: bucket.bucket };
    const own = { parent: this };
    const closed = new BucketPublicAccessBlock(
      `${name}-public-access`,
      { ...part, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
      own,
    );
    new BucketOwnershipControls(
      `${name}-ownership`,
      { ...part, rule: { objectOwnership: "BucketOwnerEnforced" } },
      own,
    );
    new BucketServerSideEncryptionConfiguration(
      `${name}-encryption`,
      {
        ...part,
        rules: [
          keyArn === undefined
            ? { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }
            : {
                applyServerSideEncryptionByDefault: { sseAlgorithm: "aws:kms", kmsMasterKeyId: keyArn },
                bucketKeyEnabled: true,
              },
        ],
      },
      own,
    );
    const versioning = new BucketVersioning(
      `${name}-versioning`,
      { ...part, versioningConfiguration: { status: "Enabled" } },
      own,
    );
    new BucketLifecycleConfiguration(
      `${name}-lifecycle`,
      { ...part, rules: lifecycleRules(args) },
      { ...own, dependsOn: [versioning] },
    );
    new BucketPolicy(`${name}-policy`, { ...part, policy }, { ...own, dependsOn: [closed] });
    this.registerOutputs({});
  }
}

function lifecycleRules({ keptDays, replacedDays }: PrivateBucketArgs): s3.BucketLifecycleConfigurationRule[] {
  return [
    {
      id: "expire",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { days: keptDays },
      noncurrentVersionExpiration: { noncurrentDays: replacedDays },
      abortIncompleteMultipartUpload: { daysAfterInitiation: unfinishedDays },
    },
    {
      id: "delete-markers",
      status: "Enabled",
      filter: { prefix: "" },
      expiration: { expiredObjectDeleteMarker: true },
    },
  ];
}

/** Whom every bucket keeps out: principals of other accounts, and connections without TLS 1.2. */
export function refusals({ aws }: Target, bucket: string): Statement[] {
  const all = {
    effect: "Deny",
    principal: "everyone",
    actions: ["s3:*"],
    resources: [bucketArn(aws, bucket), bucketArn(aws, bucket, "*")],
  } as const;
  return [
    {
      ...all,
      sid: "OtherAccounts",
      conditions: {
        StringNotEquals: { "aws:PrincipalAccount": aws.accountId },
        // Deliveries of AWS's own services, for which the statements above name the account.
        BoolIfExists: { "aws:PrincipalIsAWSService": "false" },
      },
    },
    { ...all, sid: "WithoutTls", conditions: { Bool: { "aws:SecureTransport": "false" } } },
    { ...all, sid: "OldTls", conditions: { NumericLessThan: { "s3:TlsVersion": "1.2" } } },
  ];
}
