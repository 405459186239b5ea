import * as pulumi from "@pulumi/pulumi";

import { bucketName } from "./objects.ts";
import type { Target } from "./target.ts";

/** The name of the bucket that takes the access logs of load balancers and buckets. */
export function accessLogBucketName(target: Target): string {
  return bucketName(target, "access-logs");
}

/** The bucket that takes the access logs of load balancers and buckets. */
export class AccessLogBucket extends pulumi.ComponentResource {
  /** The bucket's name; what names it as a destination must depend on this component. */
  readonly bucket: string;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:AccessLogBucket", name, {}, opts);
    this.bucket = accessLogBucketName(target);
    this.registerOutputs({});
  }
}
