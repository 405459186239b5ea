import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";

export const examples: Examples = {
  good: [
    { title: "A Deployment of its own network and volumes", resources: [deployment()] },
    { title: "A task of its own network", resources: [taskDefinition()] },
  ],
  bad: [
    {
      title: "A pod in the network of the host",
      resources: [workload(podSpec({ hostNetwork: true }))],
      property: "spec.template.spec.hostNetwork",
    },
    {
      title: "A task in the network of the host",
      resources: [taskDefinition([ecsContainer()], { networkMode: "host" })],
      property: "networkMode",
    },
    {
      title: "A privileged container of a task",
      resources: [taskDefinition([ecsContainer({ privileged: true })])],
      property: "containerDefinitions[0].privileged",
    },
  ],
};
