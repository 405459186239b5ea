import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";

const repository = (overrides: Record<string, unknown>): TestResource => ({
  type: "aws:ecr/repository:Repository",
  name: "agent",
  properties: {
    name: "shop/agent",
    imageScanningConfiguration: { scanOnPush: true },
    imageTagMutability: "IMMUTABLE",
    encryptionConfigurations: [{ encryptionType: "KMS" }],
    ...overrides,
  },
});

const lifecycle: TestResource = {
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  name: "agent",
  properties: { repository: "shop/agent", policy: "{}" },
};

export const examples: Examples = {
  good: [{ title: "A repository that scans, keeps tags and drops old images", resources: [repository({}), lifecycle] }],
  bad: [
    {
      title: "Nothing looks at images that are pushed",
      resources: [repository({ imageScanningConfiguration: { scanOnPush: false } }), lifecycle],
      property: "imageScanningConfiguration.scanOnPush",
    },
    {
      title: "A tag may be moved to another image",
      resources: [repository({ imageTagMutability: "MUTABLE" }), lifecycle],
      property: "imageTagMutability",
    },
    { title: "Images pile up", resources: [repository({})], property: "the resource itself" },
  ],
};
