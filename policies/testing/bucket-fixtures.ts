import { urnOf, UNKNOWN, type TestResource } from "./analyzer.ts";

type Json = Record<string, unknown>;

/** What a bucket is made of; each setting is a resource of its own or stands within the bucket. */
export interface BucketPlan {
  bucket?: Json;
  publicAccess?: Json | undefined;
  /** As a resource of its own has it. */
  versioning?: string | undefined;
  algorithm?: string | undefined;
  expiryDays?: number | undefined;
  expires?: boolean | undefined;
  logTarget?: string | undefined;
  ownership?: string | undefined;
  policy?: unknown;
  /** Name of the resource. @default "media" */
  name?: string;
}

const CLOSED = { blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true };

/** A statement that refuses connections without TLS. */
export const TLS_ONLY = {
  Effect: "Deny",
  Principal: "*",
  Action: "s3:*",
  Resource: ["arn:aws:s3:::media", "arn:aws:s3:::media/*"],
  Condition: { Bool: { "aws:SecureTransport": "false" } },
};

/** A policy as text. */
export function policyOf(...statements: unknown[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: statements });
}

const GOOD = {
  publicAccess: CLOSED,
  versioning: "Enabled",
  algorithm: "aws:kms",
  expiryDays: 30,
  expires: true,
  logTarget: "logs",
  ownership: "BucketOwnerEnforced",
  policy: policyOf(TLS_ONLY),
  name: "media",
} satisfies BucketPlan;

function resource(type: string, name: string, properties: Json): TestResource {
  return { type: `aws:s3/${type.charAt(0).toLowerCase()}${type.slice(1)}:${type}`, name, properties };
}

/** The parts that exist only as resources of their own. */
function always(plan: BucketPlan, bucket: string): TestResource[] {
  const { publicAccess, ownership, name = "media" } = plan;
  return [
    ...(publicAccess ? [resource("BucketPublicAccessBlock", name, { bucket, ...publicAccess })] : []),
    ...(ownership ? [resource("BucketOwnershipControls", name, { bucket, rule: { objectOwnership: ownership } })] : []),
  ];
}

/** A bucket that every policy accepts, or that differs from it, with a resource for each setting. */
export function splitBucket(overrides: BucketPlan = {}): TestResource[] {
  const plan: BucketPlan = { ...GOOD, ...overrides };
  const { versioning, algorithm, expiryDays, expires, logTarget, policy, name = "media" } = plan;
  const bucket = name;
  const status = expires ? "Enabled" : "Disabled";
  const expiry = expiryDays === undefined ? {} : { expiration: { days: expiryDays } };
  const encryption = { applyServerSideEncryptionByDefault: { sseAlgorithm: algorithm } };
  return [
    resource("Bucket", name, { bucket, ...plan.bucket }),
    ...always(plan, bucket),
    ...(versioning
      ? [resource("BucketVersioning", name, { bucket, versioningConfiguration: { status: versioning } })]
      : []),
    ...(algorithm ? [resource("BucketServerSideEncryptionConfiguration", name, { bucket, rules: [encryption] })] : []),
    ...(expires === undefined
      ? []
      : [resource("BucketLifecycleConfiguration", name, { bucket, rules: [{ id: "expire", status, ...expiry }] })]),
    ...(logTarget ? [resource("BucketLogging", name, { bucket, targetBucket: logTarget, targetPrefix: "" })] : []),
    ...(policy === undefined ? [] : [resource("BucketPolicy", name, { bucket, policy })]),
  ];
}

/** The same bucket with its settings within. */
export function inlineBucket(overrides: BucketPlan = {}): TestResource[] {
  const plan: BucketPlan = { ...GOOD, ...overrides };
  const { versioning, algorithm, expiryDays, expires, logTarget, policy, name = "media" } = plan;
  const expiry = expiryDays === undefined ? {} : { expiration: { days: expiryDays } };
  const encryption = { applyServerSideEncryptionByDefault: { sseAlgorithm: algorithm } };
  const properties = {
    bucket: name,
    versioning: versioning && { enabled: versioning === "Enabled" },
    serverSideEncryptionConfiguration: algorithm && { rule: encryption },
    lifecycleRules: expires === undefined ? undefined : [{ enabled: expires, ...expiry }],
    logging: logTarget && { targetBucket: logTarget },
    policy,
    ...plan.bucket,
  };
  return [resource("Bucket", name, properties), ...always(plan, name)];
}

/** The same resources as during a preview, in which a part does not know the name of its bucket yet. */
export function previewed(resources: readonly TestResource[]): TestResource[] {
  const [bucket, ...parts] = resources;
  if (bucket === undefined) {
    return [];
  }
  return [
    { ...bucket, properties: { ...bucket.properties, bucket: undefined } },
    ...parts.map((part) => ({
      ...part,
      properties: { ...part.properties, bucket: UNKNOWN },
      propertyDependencies: { bucket: [urnOf(bucket)] },
    })),
  ];
}
