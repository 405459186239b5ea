import * as pulumi from "@pulumi/pulumi";

import type { ObjectStore } from "../spec/store.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import type { AccessLogBucket } from "./objects-access-logs.ts";
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
  keys: Keys;
  accessLogs: AccessLogBucket;
}

/** An object store: a private bucket in S3. */
export class ObjectBucket extends pulumi.ComponentResource {
  constructor(name: string, args: ObjectBucketArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:ObjectBucket", name, {}, opts);
    void args;
    this.registerOutputs({});
  }
}
