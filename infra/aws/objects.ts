import { BucketLogging } from "@pulumi/aws/s3/bucketLogging.js";
import { BucketObjectLockConfiguration } from "@pulumi/aws/s3/bucketObjectLockConfiguration.js";
import * as pulumi from "@pulumi/pulumi";

import { isProtected } from "../settings.ts";
import type { ObjectStore } from "../spec/store.ts";
import { toSeconds } from "../spec/units.ts";
import { backupTag } from "./backup-names.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import { type AccessLogBucket, accessLogPrefixes } from "./objects-access-logs.ts";
import { PrivateBucket, refusals } from "./objects-bucket.ts";
import { policyDocument } from "./policy-document.ts";
import type { Target } from "./target.ts";

/**
 * The name of a bucket. Since buckets of all accounts share their names, it holds the account and the region.
 *
 * @param use the store's name in the specification, or a concern such as "access-logs"
 */
export function bucketName(target: Target, use: string): string {
  const { accountId, region } = target.aws;
  return physicalName(target, "bucket", use, accountId, region.replaceAll("-", ""));
}

/** What an object store needs. */
export interface ObjectBucketArgs {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: ObjectStore;
  keys: Pick<Keys, "arn">;
  accessLogs: AccessLogBucket;
}

/**
 * An object store: a private bucket in S3.
 *
 * In a locked one nobody can change or delete an object before its retention ends: in production not even the account's
 * owner (COMPLIANCE), since an audit trail that an administrator can change proves nothing; elsewhere someone with a
 * special right can (GOVERNANCE), so that test data can be cleared away.
 */
export class ObjectBucket extends pulumi.ComponentResource {
  constructor(name: string, args: ObjectBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:ObjectBucket", name, {}, opts);
    const { target, store, specification, keys, accessLogs } = args;
    const { settings } = target;
    const bucket = bucketName(target, store);
    const keptDays = toSeconds(specification.retention) / 86_400;
    const locked = specification.locked ?? false;
    const privateBucket = new PrivateBucket(
      `${name}-bucket`,
      {
        target,
        bucket,
        component: store,
        protect: isProtected(settings, store),
        policy: policyDocument(...refusals(target, bucket)),
        keyArn: keys.arn("data"),
        keptDays,
        replacedDays: toSeconds(settings.profile.backupRetention) / 86_400,
        ...(locked ? { lockable: true, tags: backupTag } : {}),
      },
      { parent: this },
    );
    const part = { parent: this, dependsOn: [privateBucket] };
    if (locked) {
      new BucketObjectLockConfiguration(
        `${name}-lock`,
        {
          bucket,
          rule: {
            defaultRetention: {
              mode: settings.profileName === "production" ? "COMPLIANCE" : "GOVERNANCE",
              days: keptDays,
            },
          },
        },
        { ...part, protect: isProtected(settings, store) },
      );
    }
    new BucketLogging(
      `${name}-access-logs`,
      { bucket, targetBucket: accessLogs.bucket, targetPrefix: `${accessLogPrefixes.buckets}/${store}/` },
      { parent: this, dependsOn: [privateBucket, accessLogs] },
    );
    this.registerOutputs({});
  }
}
