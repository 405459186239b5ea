import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";

const requests = { cpu: "250m", memory: "256Mi" };

export const examples: Examples = {
  good: [
    { title: "A Deployment that asks for what it needs and may take a little more", resources: [deployment()] },
    { title: "A task with its share of processor and memory", resources: [taskDefinition()] },
  ],
  bad: [
    {
      title: "A Deployment that may take all memory of its node",
      resources: [deployment({ resources: { requests, limits: { cpu: "500m" } } })],
      property: "spec.template.spec.containers[0].resources.limits.memory",
    },
    {
      title: "A Deployment with a limit of nothing",
      resources: [deployment({ resources: { requests, limits: { cpu: "0", memory: "512Mi" } } })],
      property: "spec.template.spec.containers[0].resources.limits.cpu",
    },
    {
      title: "A container of a task without a share of the processor",
      resources: [taskDefinition([ecsContainer({ cpu: 0 })])],
      property: "containerDefinitions[0].cpu",
    },
  ],
};
