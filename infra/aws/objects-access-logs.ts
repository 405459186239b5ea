import * as pulumi from "@pulumi/pulumi";

import { arn, bucketArn } from "./arns.ts";
import { bucketName } from "./objects.ts";
import { PrivateBucket, refusals } from "./objects-bucket.ts";
import { policyDocument } from "./policy-document.ts";
import type { Target } from "./target.ts";

/** Where the logs of a kind of resource are in the bucket: what the resource is told as its prefix. */
export const accessLogPrefixes = { loadBalancers: "load-balancers", buckets: "buckets" } as const;

/** Days for which access logs are kept; no requirement states it. */
const keptDays = 90;

/** The name of the bucket that takes the access logs of load balancers and buckets. */
export function accessLogBucketName(target: Target): string {
  return bucketName(target, "access-logs");
}

/**
 * The bucket that takes the access logs of load balancers and buckets. It is encrypted with keys of S3's own, since load
 * balancers cannot use others.
 */
export class AccessLogBucket extends pulumi.ComponentResource {
  /** The bucket's name; what names it as a destination must depend on this component. */
  readonly bucket: string;

  constructor(name: string, { target }: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:AccessLogBucket", name, {}, opts);
    this.bucket = accessLogBucketName(target);
    new PrivateBucket(
      `${name}-bucket`,
      {
        target,
        bucket: this.bucket,
        component: "access-logs",
        protect: target.settings.profile.protect,
        policy: accessLogPolicy(target),
        keptDays,
        replacedDays: 1,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}

/** Who may write logs, and where: AWS's own deliveries, for this account's load balancers and buckets. */
export function accessLogPolicy(target: Target): string {
  const { aws } = target;
  const bucket = accessLogBucketName(target);
  const ofAccount = { "aws:SourceAccount": aws.accountId };
  return policyDocument(
    {
      sid: "LoadBalancers",
      principal: { services: ["logdelivery.elasticloadbalancing.amazonaws.com"] },
      actions: ["s3:PutObject"],
      resources: [bucketArn(aws, bucket, `${accessLogPrefixes.loadBalancers}/AWSLogs/${aws.accountId}/*`)],
      conditions: {
        StringEquals: ofAccount,
        ArnLike: { "aws:SourceArn": arn(aws, "elasticloadbalancing", "loadbalancer/*") },
      },
    },
    {
      sid: "Buckets",
      principal: { services: ["logging.s3.amazonaws.com"] },
      actions: ["s3:PutObject"],
      resources: [bucketArn(aws, bucket, `${accessLogPrefixes.buckets}/*`)],
      conditions: { StringEquals: ofAccount },
    },
    ...refusals(target, bucket),
  );
}
