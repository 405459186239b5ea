import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const namespace = (labels: Record<string, string>): TestResource => ({
  type: "kubernetes:core/v1:Namespace",
  name: "worldstore",
  properties: { metadata: { name: "worldstore", labels } },
});
const settings = (place: Record<string, unknown>): TestResource => ({
  type: "kubernetes:core/v1:ConfigMap",
  name: "settings",
  properties: { metadata: { name: "settings", ...place } },
});

export const examples: Examples = {
  good: [
    { title: "A resource in a namespace of its own", resources: [kubernetes("core/v1:Service", { spec: {} })] },
    {
      title: "A namespace that admits only restricted pods",
      resources: [namespace({ "pod-security.kubernetes.io/enforce": "restricted" })],
    },
  ],
  bad: [
    {
      title: "A resource in the default namespace, because none is named",
      resources: [settings({})],
      property: "metadata.namespace",
    },
    {
      title: "A resource in the namespace of another system",
      resources: [settings({ namespace: "ccl", labels: { "app.kubernetes.io/part-of": "worldstore" } })],
      property: "metadata.namespace",
    },
    {
      title: "A namespace that admits every pod",
      resources: [namespace({})],
      property: 'metadata.labels["pod-security.kubernetes.io/enforce"]',
    },
  ],
};
