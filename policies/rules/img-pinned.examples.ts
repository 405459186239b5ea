import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";

const image = "123456789012.dkr.ecr.eu-central-1.amazonaws.com/agent";

export const examples: Examples = {
  good: [
    {
      title: "A Deployment whose image names a commit",
      resources: [deployment({ image: "images.local/agent:1f2e3d4" })],
    },
    {
      title: "A task whose image is named by digest",
      resources: [taskDefinition([ecsContainer({ image: `${image}@sha256:${"a1".repeat(32)}` })])],
    },
  ],
  bad: [
    {
      title: "A Deployment with the moving tag latest",
      resources: [deployment({ image: "images.local/agent:latest" })],
      property: "spec.template.spec.containers[0].image",
    },
    {
      title: "A task whose image has no tag",
      resources: [taskDefinition([ecsContainer({ image })])],
      property: "containerDefinitions[0].image",
    },
  ],
};
