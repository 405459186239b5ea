import { copies, ecsService } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";

const agent = { name: "worldstore-agent" };
const once = { desiredCount: 1, deploymentMaximumPercent: 100, deploymentMinimumHealthyPercent: 0 };

export const examples: Examples = {
  good: [
    { title: "An agent as a StatefulSet", resources: [copies({}, { ...agent, kind: "StatefulSet" })] },
    { title: "An agent that stops before it starts, on ECS", resources: [ecsService(once, "worldstore-agent")] },
  ],
  bad: [
    {
      title: "An agent of which a rollout starts a second one",
      resources: [copies({}, agent)],
      property: "spec.strategy.type",
    },
    {
      title: "Two agents on ECS",
      resources: [ecsService({ ...once, desiredCount: 2 }, "worldstore-agent")],
      property: "desiredCount",
    },
  ],
};
