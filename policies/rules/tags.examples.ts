import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const bucket = (tags: Record<string, string>): TestResource => ({
  type: "aws:s3/bucket:Bucket",
  name: "audit",
  properties: { bucket: "audit", tags },
});

const provider: TestResource = {
  type: "pulumi:providers:aws",
  name: "aws",
  properties: {
    defaultTags: JSON.stringify({ tags: { system: "worldstore", environment: "prod", owner: "platform" } }),
  },
};

const namespace = (labels: Record<string, string>) =>
  kubernetes("core/v1:Namespace", { metadata: { name: "worldstore", labels } });

export const examples: Examples = {
  good: [
    { title: "Tags from the provider", resources: [provider, bucket({ component: "audit" })] },
    { title: "Tags of its own", resources: [bucket({ system: "worldstore", environment: "prod", owner: "platform" })] },
    {
      title: "Labels of a namespace",
      resources: [namespace({ "app.kubernetes.io/part-of": "worldstore", environment: "prod", owner: "platform" })],
    },
  ],
  bad: [
    {
      title: "A bucket that nobody owns",
      resources: [bucket({ system: "worldstore", environment: "prod" })],
      property: "tags.owner",
    },
    {
      title: "A namespace of no system",
      resources: [namespace({ environment: "prod", owner: "platform" })],
      property: 'metadata.labels["app.kubernetes.io/part-of"]',
    },
  ],
};
