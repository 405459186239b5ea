import { ecsService } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";
import { ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "A Deployment, whose pods restart by default", resources: [workload()] },
    { title: "An ECS service with a copy to keep", resources: [ecsService({ desiredCount: 1 })] },
  ],
  bad: [
    {
      title: "A pod that is left lying",
      resources: [workload(podSpec({ restartPolicy: "Never" }))],
      property: "spec.template.spec.restartPolicy",
    },
    {
      title: "An ECS service with no copy to keep",
      resources: [ecsService({ desiredCount: 0 })],
      property: "desiredCount",
    },
    {
      title: "A task that goes on when its program has ended",
      resources: [taskDefinition([ecsContainer({ essential: false })])],
      property: "containerDefinitions[0].essential",
    },
  ],
};
