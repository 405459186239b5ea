import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";
import type { Examples } from "../testing/examples.ts";

const IMAGE = "spec.template.spec.containers[0].image";

export const examples: Examples = {
  good: [
    { title: "An image of the allowed registry", resources: [deployment()] },
    { title: "An image of the account's own registry, on ECS", resources: [taskDefinition()] },
  ],
  bad: [
    {
      title: "A registry that only stands in a document",
      resources: [deployment({ image: "your-registry.com/payment-server:1.0.0" })],
      property: IMAGE,
    },
    {
      title: "An image without a registry: Docker Hub",
      resources: [deployment({ image: "payment-server:1.0.0" })],
      property: IMAGE,
    },
    {
      title: "A registry that is not allowed, on ECS",
      resources: [taskDefinition([ecsContainer({ image: "quay.io/someone/agent:1.0.0" })])],
      property: "containerDefinitions[0].image",
    },
  ],
};
