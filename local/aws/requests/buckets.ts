import { elements, pick, step, tagList, without, type Creation, type Creations, type Inputs } from "./creation.ts";

/** A part of a bucket's configuration, which is a resource of its own. */
function part(
  operation: string,
  renames: Record<string, string | undefined>,
  shaped: (inputs: Inputs) => Inputs = (inputs) => inputs,
): Creation {
  return {
    create: (inputs) => step("s3", operation, shaped(inputs), { renames }),
    outputs: ({ bucket }) => ({ id: bucket }),
  };
}

/** Buckets; each part of one's configuration is a request of its own. */
export const buckets: Creations = {
  "aws:s3/bucket:Bucket": {
    create: (inputs, { region }) =>
      step("s3", "CreateBucket", pick(inputs, "bucket", "objectLockEnabled"), {
        renames: { objectLockEnabled: "ObjectLockEnabledForBucket" },
        // The first region of AWS is not named.
        parameters: region === "us-east-1" ? {} : { CreateBucketConfiguration: { LocationConstraint: region } },
      }),
    outputs: ({ bucket }, _answer, { region }) => ({
      id: bucket,
      arn: `arn:aws:s3:::${String(bucket)}`,
      bucketDomainName: `${String(bucket)}.s3.amazonaws.com`,
      bucketRegionalDomainName: `${String(bucket)}.s3.${region}.amazonaws.com`,
    }),
    read: ({ bucket }) => step("s3", "HeadBucket", { bucket }),
    then: ({ bucket, tags, ...others }) => [
      ...(tags === undefined
        ? []
        : [step("s3", "PutBucketTagging", { bucket }, { parameters: { Tagging: { TagSet: tagList(tags) } } })]),
      // What else stands there is not S3's to take: it is reported as unknown.
      ...(Object.keys(without(others, "objectLockEnabled", "forceDestroy")).length === 0
        ? []
        : [step("s3", "HeadBucket", { bucket, ...without(others, "objectLockEnabled", "forceDestroy") })]),
    ],
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": part("PutPublicAccessBlock", {
    blockPublicAcls: "PublicAccessBlockConfiguration.BlockPublicAcls",
    blockPublicPolicy: "PublicAccessBlockConfiguration.BlockPublicPolicy",
    ignorePublicAcls: "PublicAccessBlockConfiguration.IgnorePublicAcls",
    restrictPublicBuckets: "PublicAccessBlockConfiguration.RestrictPublicBuckets",
    skipDestroy: undefined,
  }),
  "aws:s3/bucketVersioning:BucketVersioning": part("PutBucketVersioning", {}),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": part(
    "PutBucketEncryption",
    {
      rules: "ServerSideEncryptionConfiguration.Rules",
      "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": "KMSMasterKeyID",
    },
  ),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": part("PutBucketOwnershipControls", {
    rule: "OwnershipControls.Rules",
  }),
  "aws:s3/bucketPolicy:BucketPolicy": part("PutBucketPolicy", {}),
  "aws:s3/bucketLogging:BucketLogging": part("PutBucketLogging", {
    targetBucket: "BucketLoggingStatus.LoggingEnabled.TargetBucket",
    targetPrefix: "BucketLoggingStatus.LoggingEnabled.TargetPrefix",
  }),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": part(
    "PutBucketLifecycleConfiguration",
    {
      rules: "LifecycleConfiguration.Rules",
      transitionDefaultMinimumObjectSize: "TransitionDefaultMinimumObjectSize",
      "rules.noncurrentVersionExpiration.noncurrentDays": "NoncurrentDays",
    },
    (inputs) => ({ ...inputs, rules: elements(inputs["rules"]).map((rule) => ({ filter: {}, ...(rule as Inputs) })) }),
  ),
  "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration": part(
    "PutObjectLockConfiguration",
    {
      rule: "ObjectLockConfiguration.Rule",
      objectLockEnabled: "ObjectLockConfiguration.ObjectLockEnabled",
    },
    (inputs) => ({ objectLockEnabled: "Enabled", ...inputs }),
  ),
};
