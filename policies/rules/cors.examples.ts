import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";

const origin = (value: string) => [{ name: "CORS_ORIGINS", value }];

export const examples: Examples = {
  good: [
    { title: "One origin", resources: [deployment({ env: origin("https://app.archesai.com") })] },
    {
      title: "Two origins on ECS",
      resources: [
        taskDefinition([ecsContainer({ environment: origin("https://a.example.net,https://b.example.net") })]),
      ],
    },
  ],
  bad: [
    {
      title: "Every origin",
      resources: [deployment({ env: origin("*") })],
      property: "spec.template.spec.containers[0].env[0].value",
    },
    {
      title: "The domain of the manual",
      resources: [taskDefinition([ecsContainer({ environment: origin("https://your-domain.com") })])],
      property: "containerDefinitions[0].environment[0].value",
    },
  ],
};
