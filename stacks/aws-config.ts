import { z } from "zod";

import type { Profile } from "../infra/profile.ts";
import type { AwsSettings } from "../infra/settings.ts";

const regionName = /^[a-z]{2}(-[a-z]+)+-\d$/;
const recipient = z.string().regex(/^([^@\s]+@[^@\s]+\.[^@\s]+|https:\/\/\S+)$/, "write an e-mail or https address");
const subnets = z.array(z.string().regex(/^subnet-[0-9a-f]{8,17}$/, "write it like subnet-0123456789abcdef0")).min(2);
const cidr = z
  .string()
  .regex(/^\d{1,3}(\.\d{1,3}){3}\/(1[6-9]|2[0-2])$/, "write a range from /16 to /22 like 10.20.0.0/16");

/** The stack's `aws` setting. */
export const awsSchema = z.strictObject({
  region: z.string().regex(regionName, "write a region such as eu-central-1"),
  /** The only account that may be changed. */
  accountId: z.string().regex(/^\d{12}$/, "write the 12 digits of the account as a text, in quotation marks"),
  /** Role to assume. @default the caller's own rights */
  roleArn: z
    .string()
    .regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/\S+$/, "write the ARN of a role")
    .optional(),
  /** Address of an AWS emulator. @default AWS itself */
  endpoint: z.url("write an address such as http://127.0.0.1:5000").optional(),
  /** @default the zones a and b of the region, and c in a highly available profile */
  zones: z
    .array(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d[a-z]$/, "write a zone such as eu-central-1a"))
    .min(2)
    .optional(),
  /** Address range of a VPC of its own. @default "10.20.0.0/16", unless there is an existing network */
  cidr: cidr.optional(),
  /** An existing VPC in the place of one of its own. */
  existingNetwork: z
    .strictObject({
      vpcId: z.string().regex(/^vpc-[0-9a-f]{8,17}$/, "write it like vpc-0123456789abcdef0"),
      cidr,
      publicSubnetIds: subnets,
      privateSubnetIds: subnets,
      dataSubnetIds: subnets,
    })
    .optional(),
  /** The public Route 53 zone of the hosts. */
  hostedZoneId: z
    .string()
    .regex(/^Z[A-Z0-9]{5,31}$/, "write the id of a public Route 53 zone, such as Z0123456789ABCDEFGHIJ"),
  /** Who is told of alerts. */
  alertRecipients: z.strictObject({ critical: z.array(recipient).min(1), warning: z.array(recipient).min(1) }),
  /** Whether the stack makes the account's CloudTrail trail and GuardDuty detector. @default true */
  ownsAccount: z.boolean().default(true),
  /** Redis stores are sharded. @default false */
  redisClusterMode: z.boolean().default(false),
  /** On Kubernetes: security groups of the cluster's nodes. */
  clusterSecurityGroupIds: z
    .array(z.string().regex(/^sg-[0-9a-f]{8,17}$/, "write it like sg-0123456789abcdef0"))
    .default([]),
});

/** The settings that a stack's `aws` setting comes to; what is for clusters is left out on ecs. */
export function awsSettings(
  target: "kubernetes" | "ecs",
  config: z.infer<typeof awsSchema>,
  profile: Profile,
): AwsSettings {
  const { roleArn, endpoint, zones, cidr: range = "10.20.0.0/16", existingNetwork, ...stated } = config;
  const letters = profile.highlyAvailable ? ["a", "b", "c"] : ["a", "b"];
  return {
    ...stated,
    ...(target === "ecs" ? { clusterSecurityGroupIds: [] } : {}),
    ...(roleArn === undefined ? {} : { roleArn }),
    ...(endpoint === undefined ? {} : { endpoint }),
    zones: zones ?? letters.map((letter) => config.region + letter),
    network: existingNetwork ?? { cidr: range },
  };
}
