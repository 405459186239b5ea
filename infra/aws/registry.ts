import { LifecyclePolicy } from "@pulumi/aws/ecr/lifecyclePolicy.js";
import { Repository } from "@pulumi/aws/ecr/repository.js";
import { RepositoryPolicy } from "@pulumi/aws/ecr/repositoryPolicy.js";
import * as pulumi from "@pulumi/pulumi";

import { arn } from "./arns.ts";
import { operationsImage } from "./function-names.ts";
import { ownImages, repositoryName } from "./image-names.ts";
import type { Keys } from "./keys.ts";
import { policyDocument } from "./policy-document.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

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
      if (image !== operationsImage) continue;
      new RepositoryPolicy(
        `${name}-${image}-policy`,
        { repository: repository.name, policy: functionsPolicy(target) },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}

/** Lambda pulls images itself, for this account's functions; roles that pull have policies of their own. */
function functionsPolicy({ aws }: Target): string {
  return policyDocument({
    sid: "Functions",
    principal: { services: ["lambda.amazonaws.com"] },
    actions: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
    resources: [],
    conditions: { StringLike: { "aws:SourceArn": arn(aws, "lambda", "function:*") } },
  });
}
