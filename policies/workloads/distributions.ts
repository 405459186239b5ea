import type { Check, Resource } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";

export const DISTRIBUTION = /^aws:cloudfront\/(?:multitenantD|d)istribution:/;

/** The behaviours of a CloudFront distribution: the default one, then those by path. */
export function behavioursOf(check: Check, { properties }: Pick<Resource, "properties">): Field[] {
  const ordered = [properties.get("orderedCacheBehaviors"), properties.get("cacheBehaviors")];
  const standard = properties.get("defaultCacheBehavior");
  return [...(check.known(standard) ? [standard] : []), ...ordered.flatMap((list) => check.items(list))];
}

/** The origins of a distribution. */
export function originsOf(check: Check, { properties }: Pick<Resource, "properties">): Field[] {
  return check.items(properties.get("origins"));
}

/** A bucket's own address, not that of its website. */
export function isBucketAddress(domain: unknown): boolean {
  return (
    typeof domain === "string" && /\.s3[.-][a-z0-9.-]*amazonaws\.com/.test(domain) && !domain.includes("s3-website")
  );
}
