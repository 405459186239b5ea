import { autoscaler, copies, ecsService, scalingTarget } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [
    { title: "Two copies of the payment server", resources: [copies({ replicas: 2 })] },
    { title: "An autoscaler that never goes below two", resources: [copies(), autoscaler()] },
    { title: "Two copies on ECS", resources: [ecsService({ desiredCount: 2 })] },
  ],
  bad: [
    { title: "One copy, as by default", resources: [copies()], property: "spec.replicas" },
    {
      title: "An autoscaler that goes down to one on ECS",
      resources: [ecsService(), scalingTarget({ minCapacity: 1 })],
      property: "minCapacity",
    },
  ],
};
