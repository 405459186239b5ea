import { declared } from "../spec/names.ts";
import { arn, dnsSuffixOf } from "./arns.ts";
import { physicalName } from "./names.ts";
import type { Target } from "./target.ts";

/** The name of the repository of an image. */
export function repositoryName(target: Target, image: string): string {
  return `${physicalName(target, "repository")}/${image}`;
}

/** The ARN of the repository of an image. */
export function repositoryArn(target: Target, image: string): string {
  return arn(target.aws, "ecr", `repository/${repositoryName(target, image)}`);
}

/**
 * The reference of an image, as a container uses it.
 *
 * A setting without a registry's host, such as "shop/api:1.0", means the stack's own repository of the image, with this
 * tag or digest; one with a host is used as it is.
 *
 * @param image the image's name, a key of the `images` setting
 */
export function imageReference(target: Target, image: string): string {
  const reference = declared(target.settings.images, image);
  if (!isOwn(reference)) return reference;
  const { accountId, region } = target.aws;
  const [, version = ""] = /([:@][^/]+)$/.exec(reference) ?? [];
  const registry = `${accountId}.dkr.ecr.${region}.${dnsSuffixOf(region)}`;
  return `${registry}/${repositoryName(target, image)}${version}`;
}

/** Whether an image is in a repository of the stack's own: its reference names no registry. */
function isOwn(reference: string): boolean {
  const [first = "", ...rest] = reference.split("/");
  return rest.length === 0 || !(/[.:]/.test(first) || first === "localhost");
}

/** The names of the images that the stack keeps in repositories of its own, sorted. */
export function ownImages(target: Pick<Target, "settings">): string[] {
  const { images } = target.settings;
  return Object.keys(images)
    .filter((image) => isOwn(declared(images, image)))
    .sort();
}
