import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";

/** A task and the service that runs it. */
function running(task: TestResource): TestResource[] {
  const service = {
    type: "aws:ecs/service:Service",
    name: "payment-server",
    properties: { taskDefinition: UNKNOWN },
    propertyDependencies: { taskDefinition: [urnOf(task)] },
  };
  return [task, service];
}

export const examples: Examples = {
  good: [
    { title: "A Deployment that says when it is ready and alive", resources: [deployment()] },
    { title: "A task with a health check of its own", resources: running(taskDefinition()) },
  ],
  bad: [
    {
      title: "A Deployment that nobody asks whether it is ready",
      resources: [deployment({ readinessProbe: undefined })],
      property: "spec.template.spec.containers[0].readinessProbe",
    },
    {
      title: "A probe of a page for customers",
      resources: [deployment({ livenessProbe: { httpGet: { path: "/products", port: "http" } } })],
      property: "spec.template.spec.containers[0].livenessProbe.httpGet.path",
    },
    {
      title: "A task without a health check",
      resources: running(taskDefinition([ecsContainer({ healthCheck: undefined })])),
      property: "containerDefinitions[0].healthCheck.command",
    },
  ],
};
