import type { AwsSettings } from "../settings.ts";

/** Where an account's resources are. */
export type Place = Pick<AwsSettings, "region" | "accountId">;

/** The partition of a region, the second part of every ARN. */
export function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}

/** The end of AWS's own host names in a region. */
export function dnsSuffixOf(region: string): string {
  return region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
}

/**
 * The ARN of a resource whose name the program chooses. It is known before the resource exists, so what refers to it can
 * be read and judged in a preview; a resource that needs the other to exist names it in `dependsOn`.
 *
 * @param service such as "sqs"
 * @param resource the last part, such as "worldstore-prod-orders" or "role/worldstore-prod-agent-task"
 */
export function arn({ region, accountId }: Place, service: string, resource: string): string {
  return ["arn", partitionOf(region), service, region, accountId, resource].join(":");
}

/** The ARN of an IAM resource, such as "role/NAME": IAM knows no regions. */
export function iamArn({ region, accountId }: Place, resource: string): string {
  return `arn:${partitionOf(region)}:iam::${accountId}:${resource}`;
}

/** The ARN of a bucket or of objects in it: S3 names are unique in a partition. */
export function bucketArn({ region }: Place, bucket: string, objects?: string): string {
  return `arn:${partitionOf(region)}:s3:::${bucket}${objects === undefined ? "" : `/${objects}`}`;
}
