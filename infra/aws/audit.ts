import { Trail } from "@pulumi/aws/cloudtrail/trail.js";
import { Role } from "@pulumi/aws/iam/role.js";
import { RolePolicy } from "@pulumi/aws/iam/rolePolicy.js";
import { BucketLogging } from "@pulumi/aws/s3/bucketLogging.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import * as pulumi from "@pulumi/pulumi";

import { arn, bucketArn, iamArn } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { logGroupArn, platformLogGroup, type LogGroups } from "./logs.ts";
import { physicalName } from "./names.ts";
import { bucketName } from "./objects.ts";
import { type AccessLogBucket, accessLogPrefixes } from "./objects-access-logs.ts";
import { PrivateBucket, refusals } from "./objects-bucket.ts";
import { policyDocument } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";
import { ThreatDetection } from "./threat-detection.ts";

const component = "audit";
const service = "cloudtrail.amazonaws.com";

/** Days for which the trail is kept and cannot be changed; a proposal, as long as its log group. */
const keptDays = 365;

/** The ARN of the account's trail. */
export function trailArn(target: Target): string {
  return arn(target.aws, "cloudtrail", `trail/${physicalName(target, "trail")}`);
}

/** The name of the bucket that holds the trail. */
export function trailBucketName(target: Target): string {
  return bucketName(target, "trail");
}

/** Who may write the trail: CloudTrail, for this one alone. */
export function trailBucketPolicy(target: Target): string {
  const bucket = trailBucketName(target);
  const ofTrail = { "aws:SourceArn": trailArn(target) };
  const principal = { services: [service] };
  return policyDocument(
    {
      sid: "TrailCheck",
      principal,
      actions: ["s3:GetBucketAcl"],
      resources: [bucketArn(target.aws, bucket)],
      conditions: { StringEquals: ofTrail },
    },
    {
      sid: "Trail",
      principal,
      actions: ["s3:PutObject"],
      resources: [bucketArn(target.aws, bucket, `AWSLogs/${target.aws.accountId}/*`)],
      conditions: { StringEquals: { ...ofTrail, "s3:x-amz-acl": "bucket-owner-full-control" } },
    },
    ...refusals(target, bucket),
  );
}

/**
 * What CloudTrail notes: everything that changes or reads the account's resources, and what is written to the locked
 * object stores.
 */
export function trailSelectors({ system, ...target }: Target) {
  const equal = (field: string, value: string) => ({ field, equals: [value] });
  const locked = Object.entries(system.stores).flatMap(([store, specification]) =>
    specification.engine === "objects" && specification.locked === true ? [store] : [],
  );
  const objects = locked.sort().map((store) => bucketArn(target.aws, bucketName({ system, ...target }, store), ""));
  return [
    { name: "Management", fieldSelectors: [equal("eventCategory", "Management")] },
    ...(objects.length === 0
      ? []
      : [
          {
            name: "Locked objects",
            fieldSelectors: [
              equal("eventCategory", "Data"),
              equal("resources.type", "AWS::S3::Object"),
              { field: "resources.ARN", startsWiths: objects },
            ],
          },
        ]),
  ];
}

/** What an audit needs. */
export interface AuditArgs {
  target: Target;
  keys: Pick<Keys, "arn">;
  logs: LogGroups;
  /** Takes the log of who reads the trail. */
  accessLogs: AccessLogBucket;
}

/** Who did what in the account, kept so that nobody can change it, and who attacks it. Once in an account and region. */
export class Audit extends pulumi.ComponentResource {
  constructor(name: string, { target, keys, logs, accessLogs }: AuditArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Audit", name, {}, opts);
    const { protect } = target.settings.profile;
    const own = { parent: this, protect };
    const bucket = new PrivateBucket(
      `${name}-bucket`,
      {
        target,
        bucket: trailBucketName(target),
        component,
        protect,
        policy: trailBucketPolicy(target),
        // CloudTrail names the customer key itself with each file; a bucket key would take the place of its context.
        keptDays,
        replacedDays: 1,
        lockable: true,
      },
      { parent: this },
    );
    new BucketLogging(
      `${name}-access-logs`,
      {
        bucket: trailBucketName(target),
        targetBucket: accessLogs.bucket,
        targetPrefix: `${accessLogPrefixes.buckets}/trail/`,
      },
      { parent: this, dependsOn: [bucket, accessLogs] },
    );
    const lock = new BucketObjectLockConfiguration(
      `${name}-lock`,
      { bucket: trailBucketName(target), rule: { defaultRetention: { mode: "GOVERNANCE", days: keptDays } } },
      { ...own, dependsOn: [bucket] },
    );
    const logWriter = this.createLogWriter(name, target);
    new Trail(
      `${name}-trail`,
      {
        name: physicalName(target, "trail"),
        s3BucketName: trailBucketName(target),
        kmsKeyId: keys.arn("operations"),
        isMultiRegionTrail: true,
        includeGlobalServiceEvents: true,
        enableLogFileValidation: true,
        cloudWatchLogsGroupArn: `${trailLogGroupArn(target)}:*`,
        cloudWatchLogsRoleArn: iamArn(target.aws, `role/${logWriterName(target)}`),
        advancedEventSelectors: trailSelectors(target),
        tags: componentTags(component),
      },
      { ...own, dependsOn: [bucket, lock, logs, logWriter] },
    );
    new ThreatDetection(`${name}-threats`, {}, { parent: this, protect });
    this.registerOutputs({});
  }

  private createLogWriter(name: string, target: Target): RolePolicy {
    const role = new Role(
      `${name}-role`,
      {
        name: logWriterName(target),
        description: "CloudTrail writes the trail to its log group",
        // CloudTrail takes only roles of its trail's own account, and does not say which that is.
        assumeRolePolicy: policyDocument({
          sid: "Assume",
          principal: { services: [service] },
          actions: ["sts:AssumeRole"],
          resources: [],
        }),
        tags: componentTags(component),
      },
      { parent: this },
    );
    return new RolePolicy(
      `${name}-role-policy`,
      {
        name: "write",
        role: logWriterName(target),
        policy: policyDocument({
          sid: "Write",
          actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [`${trailLogGroupArn(target)}:log-stream:${target.aws.accountId}_CloudTrail_*`],
        }),
      },
      { parent: this, dependsOn: [role] },
    );
  }
}

function logWriterName(target: Target): string {
  return physicalName(target, "role", "audit", "trail");
}

function trailLogGroupArn(target: Target): string {
  return logGroupArn(target, platformLogGroup(target, "trail"));
}
