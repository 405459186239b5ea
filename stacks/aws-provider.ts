import { Provider } from "@pulumi/aws/provider.js";

import { defaultTags } from "../infra/aws/tags.ts";
import type { AwsSettings, Settings } from "../infra/settings.ts";
import type { System } from "../infra/spec/system.ts";

/** Every API that the program uses. An emulator answers all of them at one address. */
const services = [
  "acm",
  "applicationautoscaling",
  "backup",
  "cloudtrail",
  "cloudwatch",
  "cloudwatchevents",
  "cloudwatchlogs",
  "ec2",
  "ecr",
  "ecs",
  "efs",
  "elasticache",
  "elbv2",
  "guardduty",
  "iam",
  "kms",
  "lambda",
  "rds",
  "route53",
  "route53resolver",
  "s3",
  "scheduler",
  "secretsmanager",
  "servicediscovery",
  "sns",
  "sqs",
  "sts",
  "wafv2",
] as const;

/**
 * The way to AWS: one region, one account that may be changed, and tags on everything, for costs by system and owner.
 *
 * An update with rights in another account fails before it changes anything.
 */
export function awsProvider(system: System, settings: Settings, aws: AwsSettings): Provider {
  return new Provider("aws", {
    region: aws.region,
    allowedAccountIds: [aws.accountId],
    defaultTags: { tags: defaultTags({ system, settings }) },
    ...(aws.roleArn === undefined
      ? {}
      : { assumeRoles: [{ roleArn: aws.roleArn, sessionName: `${system.name}-${settings.environment}` }] }),
    ...(aws.endpoint === undefined ? {} : emulated(aws.endpoint)),
  });
}

function emulated(endpoint: string) {
  return {
    endpoints: [Object.fromEntries(services.map((service) => [service, endpoint]))],
    s3UsePathStyle: true,
    skipMetadataApiCheck: true,
  };
}
