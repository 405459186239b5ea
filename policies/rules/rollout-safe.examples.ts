import { copies, ecsService } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";

const rolling = (rollingUpdate: Record<string, unknown>) => ({ strategy: { type: "RollingUpdate", rollingUpdate } });

export const examples: Examples = {
  good: [
    {
      title: "A Deployment that adds a copy before it takes one away",
      resources: [copies(rolling({ maxSurge: 1, maxUnavailable: 0 }))],
    },
    { title: "An ECS service that rolls back by itself", resources: [ecsService()] },
  ],
  bad: [
    {
      title: "A quarter of the copies is missing during a rollout",
      resources: [copies(rolling({ maxSurge: 1, maxUnavailable: "25%" }))],
      property: "spec.strategy.rollingUpdate.maxUnavailable",
    },
    {
      title: "No revision to return to",
      resources: [copies({ ...rolling({ maxSurge: 1, maxUnavailable: 0 }), revisionHistoryLimit: 0 })],
      property: "spec.revisionHistoryLimit",
    },
    {
      title: "An ECS service without a circuit breaker",
      resources: [ecsService({ deploymentCircuitBreaker: undefined })],
      property: "deploymentCircuitBreaker.enable",
    },
  ],
};
