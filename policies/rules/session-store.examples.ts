import type { Examples } from "../testing/examples.ts";
import { container, taskDefinition, ecsContainer } from "../testing/fixtures.ts";
import { app, ecsService, ofSystem } from "../testing/network-fixtures.ts";

const bound = [{ name: "REDIS_URL", valueFrom: { secretKeyRef: { name: "app", key: "redis-url" } } }];
const alone = taskDefinition([ecsContainer()]);

export const examples: Examples = {
  good: [
    {
      title: "Two copies that share a Redis",
      resources: [ofSystem("ccl", app({}, [container({ env: bound })]), "app")],
    },
    { title: "One copy", resources: [ofSystem("ccl", app({ replicas: 1 }), "app")] },
  ],
  bad: [
    {
      title: "Two copies that share nothing",
      resources: [ofSystem("ccl", app(), "app")],
      property: "spec.replicas",
    },
    {
      title: "Two copies on ECS that share nothing",
      resources: [alone, ofSystem("ccl", ecsService({}, { taskDefinition: [alone] }), "app")],
      property: "desiredCount",
    },
  ],
};
