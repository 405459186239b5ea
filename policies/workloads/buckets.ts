import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackIndex, StackResource } from "../frame/stack.ts";
import { refersTo } from "./links.ts";

/** The settings of a bucket: each is a resource of its own, or stands within the bucket. */
const ASPECTS = {
  publicAccess: { part: "PublicAccessBlock", inline: [] },
  versioning: { part: "Versioning", inline: ["versioning", "versionings"] },
  encryption: {
    part: "ServerSideEncryptionConfiguration",
    inline: ["serverSideEncryptionConfiguration", "serverSideEncryptionConfigurations"],
  },
  lifecycle: { part: "LifecycleConfiguration", inline: ["lifecycleRules"] },
  logging: { part: "Logging", inline: ["logging", "loggings"] },
  ownership: { part: "OwnershipControls", inline: [] },
  policy: { part: "Policy", inline: ["policy"] },
  acl: { part: "Acl", inline: ["acl", "grants"] },
} as const satisfies Record<string, { part: string; inline: readonly string[] }>;

export type BucketAspect = keyof typeof ASPECTS;

/** A bucket with the resources that hold its settings. */
export interface Bucket {
  resource: StackResource;
  parts: readonly { aspect: BucketAspect; resource: StackResource }[];
}

/** A setting of a bucket where it stands. */
export interface BucketSetting {
  check: Check;
  /** All of the resource that holds the setting, or the property within the bucket. */
  field: Field;
  inline: boolean;
}

const BUCKET = /^aws:s3\/bucket(?:V2)?:Bucket(?:V2)?$/;
const PART = /^aws:s3\/bucket\w+:Bucket(\w+?)(?:V2)?$/;
const NAMES = ["bucket", "id", "arn"];

/** The buckets of a stack, each joined with its settings over names and references. */
export function bucketsOf(stack: Stack): readonly Bucket[] {
  return stack.index.derive(joinBuckets);
}

function joinBuckets(index: StackIndex): Bucket[] {
  const parts = partsOf(index);
  return index.resources
    .filter(({ type }) => BUCKET.test(type))
    .map((resource) => {
      const own = parts.filter((part) =>
        refersTo(part.resource, part.resource.properties.get("bucket"), resource, NAMES),
      );
      return { resource, parts: own };
    });
}

function partsOf(index: StackIndex): { aspect: BucketAspect; resource: StackResource }[] {
  return index.resources.flatMap((resource) => {
    const name = PART.exec(resource.type)?.[1];
    const aspect = (Object.keys(ASPECTS) as BucketAspect[]).find((key) => ASPECTS[key].part === name);
    return aspect === undefined ? [] : [{ aspect, resource }];
  });
}

/** Where a setting of a bucket stands; nowhere if the list is empty. */
export function settingsOf(stack: Stack, { resource, parts }: Bucket, aspect: BucketAspect): BucketSetting[] {
  const check = stack.check(resource);
  const within = ASPECTS[aspect].inline
    .map((key) => resource.properties.get(key))
    .filter((field) => !field.absent && field.value !== "")
    .flatMap((field) => (/ings$|Configurations$/.test(field.path) ? items(field) : [field]))
    .map((field) => ({ check, field, inline: true }));
  const beside = parts
    .filter((part) => part.aspect === aspect)
    .map((part) => ({ check: stack.check(part.resource), field: part.resource.properties, inline: false }));
  return [...within, ...beside];
}

/**
 * Whether a setting may belong to any bucket, since nothing tells yet which one it names; it is then reported as not
 * evaluated.
 */
export function strays(stack: Stack, aspect: BucketAspect): boolean {
  const lost = stack.index.derive(strayParts).filter((part) => part.aspect === aspect);
  lost.forEach(({ resource }) => stack.check(resource).known(resource.properties.get("bucket")));
  return lost.length > 0;
}

function strayParts(index: StackIndex): { aspect: BucketAspect; resource: StackResource }[] {
  return partsOf(index).filter(({ resource }) => {
    return resource.properties.get("bucket").unknown && !resource.propertyDependencies["bucket"]?.length;
  });
}

/** Old forms write a map as a list of one. */
function items(field: Field): Field[] {
  return field.unknown ? [field] : field.items();
}

/** The name of a bucket, which its resource in the program ends when AWS chooses it. */
export function bucketName({ name, properties }: StackResource): string {
  return textOf(properties.get("bucket").value) || name;
}

/** The rules of a setting: a list, the property `rules`, or the one rule that stands in its place. */
export function rulesOf({ field }: BucketSetting): Field[] {
  const rule = field.get("rule");
  const single = rule.absent || Array.isArray(rule.value) ? rule.items() : [rule];
  return [...field.items(), ...field.get("rules").items(), ...single];
}
