import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import * as pulumi from "@pulumi/pulumi";

import { declared } from "../spec/names.ts";
import { arn, dnsSuffixOf } from "./arns.ts";
import type { Keys } from "./keys.ts";
import { physicalName } from "./names.ts";
import { componentTags } from "./tags.ts";
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

/** Tagged images that are kept to go back to. */
const keptImages = 30;

/** What happens to images: the newest with a tag are kept, those that lost theirs are not. */
const lifecycle = JSON.stringify({
  rules: [
    rule(1, "Untagged images go after a day", { tagStatus: "untagged", ...count("sinceImagePushed", 1) }),
    rule(2, `The newest ${keptImages} images stay`, { tagStatus: "any", ...count("imageCountMoreThan", keptImages) }),
  ],
});

function rule(rulePriority: number, description: string, selection: object) {
  return { rulePriority, description, selection, action: { type: "expire" } };
}

function count(countType: "sinceImagePushed" | "imageCountMoreThan", countNumber: number) {
  return { countType, ...(countType === "sinceImagePushed" ? { countUnit: "days" } : {}), countNumber };
}

/** The names of the images that the stack keeps in repositories of its own, sorted. */
export function ownImages(target: Pick<Target, "settings">): string[] {
  const { images } = target.settings;
  return Object.keys(images)
    .filter((image) => isOwn(declared(images, image)))
    .sort();
}

/** A repository for each of the stack's own images: a tag never moves, and what is pushed is scanned (POL-IMG-SCAN). */
export class Registry extends pulumi.ComponentResource {
  constructor(
    name: string,
    { target, keys }: { target: Target; keys: Pick<Keys, "arn"> },
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("agent-commerce:aws:Registry", name, {}, opts);
    const { profile } = target.settings;
    for (const image of ownImages(target)) {
      const repository = new Repository(
        `${name}-${image}`,
        {
          name: repositoryName(target, image),
          imageTagMutability: "IMMUTABLE",
          imageScanningConfiguration: { scanOnPush: true },
          encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: keys.arn("data") }],
          forceDelete: !profile.protect,
          tags: componentTags("registry"),
        },
        { parent: this, protect: profile.protect },
      );
      new LifecyclePolicy(
        `${name}-${image}-lifecycle`,
        { repository: repository.name, policy: lifecycle },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
