import assert from "node:assert/strict";

import { find, record } from "../testing/record.ts";
import { imageReference, ownImages, repositoryArn } from "./image-names.ts";
import { Registry } from "./registry.ts";
import { account, shopTarget } from "./testing/shop.ts";
import { surroundings } from "./testing/surroundings.ts";

const own = `${account}.dkr.ecr.eu-central-1.amazonaws.com/shop-test/api`;

describe("The reference of an image", () => {
  const digest = `sha256:${"0".repeat(64)}`;
  const cases: [string, string][] = [
    ["shop/api:1.0", `${own}:1.0`],
    ["api:1.0", `${own}:1.0`],
    [`shop/api@${digest}`, `${own}@${digest}`],
    [`api:1.0@${digest}`, `${own}:1.0@${digest}`],
    ["images.example/shop/api:1.0", "images.example/shop/api:1.0"],
    ["localhost/api:1.0", "localhost/api:1.0"],
    ["registry:5000/api:1.0", "registry:5000/api:1.0"],
    [`images.example/api@${digest}`, `images.example/api@${digest}`],
  ];
  for (const [setting, expected] of cases) {
    it(`"${setting.slice(0, 30)}" is ${expected === setting ? "used as it is" : "in the stack's own repository"}`, () => {
      const target = shopTarget();
      target.settings.images = { api: setting };
      assert.equal(imageReference(target, "api"), expected);
      assert.deepEqual(ownImages(target), expected === setting ? [] : ["api"]);
    });
  }

  it("is in the partition of the region", () => {
    const target = shopTarget();
    target.aws = { ...target.aws, region: "cn-north-1" };
    assert.match(imageReference(target, "api"), /\.dkr\.ecr\.cn-north-1\.amazonaws\.com\.cn\//);
    assert.equal(repositoryArn(target, "api"), `arn:aws-cn:ecr:cn-north-1:${account}:repository/shop-test/api`);
  });
});

describe("The registry", () => {
  it("has a repository for each own image: scanned, immutable, encrypted, protected, cleaned, and open to Lambda where it needs it", async () => {
    const target = shopTarget();
    target.settings.images["writer"] = "images.example/writer:1.0";
    const resources = await record(() => new Registry("shop-registry", { target, ...surroundings }, {}));
    const repositories = resources.filter(({ type }) => type === "aws:ecr/repository:Repository");
    assert.deepEqual(
      repositories.map(({ name }) => name),
      ["api", "collector", "log-router", "operations"].map((image) => `shop-registry-${image}`),
    );
    const { inputs, protect } = find(resources, "aws:ecr/repository:Repository", "shop-registry-api");
    assert.deepEqual(inputs, {
      name: "shop-test/api",
      imageTagMutability: "IMMUTABLE",
      imageScanningConfiguration: { scanOnPush: true },
      encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "key-data" }],
      forceDelete: false,
      tags: { component: "registry" },
    });
    assert.equal(protect, true);
    const policies = resources.filter(({ type }) => type === "aws:ecr/repositoryPolicy:RepositoryPolicy");
    assert.deepEqual(
      policies.map(({ name }) => name),
      ["shop-registry-operations-policy"],
    );
    assert.deepEqual((JSON.parse(policies[0]?.inputs["policy"] as string) as { Statement: object[] }).Statement, [
      {
        Sid: "Functions",
        Effect: "Allow",
        Principal: { Service: ["lambda.amazonaws.com"] },
        Action: ["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
        Condition: { StringLike: { "aws:SourceArn": `arn:aws:lambda:eu-central-1:${account}:function:*` } },
      },
    ]);
    const lifecycle = find(resources, "aws:ecr/lifecyclePolicy:LifecyclePolicy", "shop-registry-api-lifecycle").inputs;
    assert.deepEqual(
      (JSON.parse(lifecycle["policy"] as string) as { rules: { selection: object }[] }).rules.map(
        ({ selection }) => selection,
      ),
      [
        { tagStatus: "untagged", countType: "sinceImagePushed", countUnit: "days", countNumber: 1 },
        { tagStatus: "any", countType: "imageCountMoreThan", countNumber: 30 },
      ],
    );
  });
});
