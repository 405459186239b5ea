import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack } from "../frame/stack.ts";
import {
  type Bucket,
  type BucketAspect,
  bucketName,
  type BucketSetting,
  bucketsOf,
  rulesOf,
  settingsOf,
  strays,
} from "../workloads/buckets.ts";
import { isOn } from "../workloads/values.ts";
import { checkBucketPolicies, receivesLogs } from "./s3-hardened/bucket-policy.ts";

export interface S3Parameters {
  backupExpiryDays: number;
  backupNames: string;
  administrators: string[];
}

const FLAGS = ["blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"] as const;
const ALGORITHMS: readonly unknown[] = ["AES256", "aws:kms", "aws:kms:dsse"];

/** A bucket shows nothing to the public, keeps versions, and forgets what is old. */
export const s3Hardened = definePolicy<S3Parameters>({
  id: "POL-S3-HARDENED",
  title: "Buckets private, encrypted, versioned, TLS only, with lifecycle",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: {
    fsbp: ["S3.2", "S3.3", "S3.5", "S3.6", "S3.8", "S3.9", "S3.10", "S3.12", "S3.13", "S3.14"],
    pci: ["1.4.4", "4.2.1"],
    soc2: ["CC6.1"],
  },
  requirements: ["EB-SEC-13", "EB-SEC-20", "AR-SEC-34", "RB-SEC-47"],
  remediation: "Give the bucket the settings that an object store of the specification gets.",
  parameters: {
    backupExpiryDays: {
      type: "integer",
      minimum: 1,
      description: "Days after which objects of backup buckets expire.",
      default: 30,
    },
    backupNames: { type: "string", description: "Text in the names of backup buckets.", default: "backup" },
    administrators: {
      type: "array",
      items: { type: "string" },
      description: "Accounts whose principals a bucket's policy may let administer the bucket.",
      default: [],
    },
  },
  checkStack(stack, parameters) {
    for (const bucket of bucketsOf(stack)) {
      checkPublicAccess(stack, bucket);
      checkVersions(stack, bucket);
      checkEncryption(stack, bucket);
      checkLifecycle(stack, bucket, parameters);
      checkLogging(stack, bucket);
      checkOwnership(stack, bucket);
      checkBucketPolicies(stack, bucket, parameters);
    }
  },
  remediate(draft) {
    if (/^aws:s3\/bucketPublicAccessBlock:/.test(draft.type)) {
      FLAGS.forEach((flag) => draft.get(flag).set(true));
    }
  },
});

/** The settings of one kind; without any, that is a violation unless one may still turn out to be this bucket's. */
export function required(
  stack: Stack,
  bucket: Bucket,
  aspect: BucketAspect,
  expected: string,
  fix: string,
): BucketSetting[] {
  const settings = settingsOf(stack, bucket, aspect);
  if (settings.length === 0 && !strays(stack, aspect)) {
    stack.check(bucket.resource).object(bucket.resource.properties.get(aspect), { expected, fix });
  }
  return settings;
}

function checkPublicAccess(stack: Stack, bucket: Bucket): void {
  const fix = "Add an aws.s3.BucketPublicAccessBlock with all four settings.";
  for (const { check, field } of required(stack, bucket, "publicAccess", "all public access blocked", fix)) {
    FLAGS.forEach((flag) => check.expect(field.get(flag), isOn, { expected: "true", fix }));
  }
}

function checkVersions(stack: Stack, bucket: Bucket): void {
  const fix = "Add an aws.s3.BucketVersioning with the status Enabled.";
  for (const { check, field } of required(
    stack,
    bucket,
    "versioning",
    "versions, so that nothing is overwritten",
    fix,
  )) {
    const status = field.get("versioningConfiguration", "status");
    const enabled = status.absent ? field.get("enabled") : status;
    check.expect(enabled, (value) => isOn(value) || value === "Enabled", { expected: "Enabled", fix });
  }
}

function checkEncryption(stack: Stack, bucket: Bucket): void {
  const fix = "Add an aws.s3.BucketServerSideEncryptionConfiguration.";
  for (const setting of required(stack, bucket, "encryption", "encryption by a stated key", fix)) {
    const rules = rulesOf(setting);
    for (const rule of rules) {
      const defaults = rule.get("applyServerSideEncryptionByDefaults").items()[0];
      const algorithm = (defaults ?? rule.get("applyServerSideEncryptionByDefault")).get("sseAlgorithm");
      setting.check.expect(algorithm, (value) => ALGORITHMS.includes(value), { expected: "aws:kms or AES256", fix });
    }
    if (rules.length === 0 && setting.check.known(setting.field)) {
      setting.check.object(setting.field.get("rules"), { expected: "a rule with aws:kms or AES256", fix });
    }
  }
}

function checkLifecycle(stack: Stack, bucket: Bucket, { backupExpiryDays, backupNames }: S3Parameters): void {
  const fix = "Add an aws.s3.BucketLifecycleConfiguration that lets old objects and versions expire.";
  for (const setting of required(stack, bucket, "lifecycle", "rules that let old objects expire", fix)) {
    const { check, field } = setting;
    const at = setting.inline ? field : field.get("rules");
    const rules = check.known(at) ? rulesOf(setting) : [];
    const unknown = rules.some((rule) =>
      [rule, rule.get("status"), rule.get("enabled")].some((place) => !check.known(place)),
    );
    const enabled = rules.filter((rule) => rule.get("status").value === "Enabled" || isOn(rule.get("enabled").value));
    if (!unknown && enabled.length === 0 && check.known(at)) {
      check.object(at, { found: "no rule in force", expected: "an enabled rule", fix });
    }
    if (!unknown && enabled.length > 0 && bucketName(bucket.resource).includes(backupNames)) {
      expectExpiry(check, at, enabled, backupExpiryDays);
    }
  }
}

function expectExpiry(check: Check, at: Field, rules: readonly Field[], days: number): void {
  const expiries = rules
    .flatMap((rule) => [rule.get("expiration"), ...rule.get("expirations").items()])
    .map((expiration) => expiration.get("days"))
    .filter((field) => !field.absent);
  if (expiries.every((field) => check.known(field)) && !expiries.some(({ value }) => Number(value) === days)) {
    const found = expiries.map(({ value }) => textOf(value)).join(", ");
    check.object(expiries[0] ?? at, {
      found: found === "" ? "no expiry" : `${found} days`,
      expected: `backups that expire after ${days} days`,
      fix: `Set expiration.days to ${days}.`,
    });
  }
}

/** A bucket that receives such logs does not log itself. */
function checkLogging(stack: Stack, bucket: Bucket): void {
  if (receivesLogs(stack, bucket)) {
    return;
  }
  const fix = "Add an aws.s3.BucketLogging whose target is a bucket for logs.";
  for (const { check, field } of required(stack, bucket, "logging", "a log of who reads and writes", fix)) {
    check.expect(field.get("targetBucket"), (value) => textOf(value) !== "", { expected: "a bucket for logs", fix });
  }
}

/** AWS gives new buckets no access lists, unless they are asked for. */
function checkOwnership(stack: Stack, bucket: Bucket): void {
  for (const { check, field } of settingsOf(stack, bucket, "ownership")) {
    check.expect(field.get("rule", "objectOwnership"), (value) => value === "BucketOwnerEnforced", {
      expected: "BucketOwnerEnforced",
      fix: "Let policies alone say who may do what.",
    });
  }
  for (const { check, field, inline } of settingsOf(stack, bucket, "acl")) {
    check.expect(inline ? field : field.get("acl"), (value) => value === "private", {
      expected: "no access list",
      fix: "Remove the access list; a policy says who may do what.",
    });
  }
}
