import type { Examples } from "../testing/examples.ts";
import { ecsContainer } from "../testing/fixtures.ts";
import { app, ecs, serviceOf } from "../testing/monitoring.ts";

const SYSTEM = "archesai";
const variable = (value: string) => [{ name: "TRACING_ENDPOINT", value }];
const api = (value: string) => app(SYSTEM, { env: variable(value) });
const ADDRESS = "http://jaeger:14268/api/traces";
const traced = ecsContainer({ environment: variable("http://localhost:14268/api/traces") });
const collector = ecsContainer({ name: "collector", image: "images.local/otel-collector:0.139.0", environment: [] });

export const examples: Examples = {
  good: [
    {
      title: "A service that sends to the collector of the stack",
      resources: [api(ADDRESS), serviceOf(SYSTEM, "jaeger")],
    },
    { title: "A task with a collector of its own", resources: ecs(SYSTEM, [traced, collector]) },
  ],
  bad: [
    { title: "A service that sends no traces", resources: [app(SYSTEM)], property: "the resource itself" },
    {
      title: "A service that sends to a collector that is not there",
      resources: [api(ADDRESS)],
      property: "spec.template.spec.containers[0].env[0].value",
    },
    {
      title: "A service that sends to another path",
      resources: [api("http://jaeger:14268"), serviceOf(SYSTEM, "jaeger")],
      property: "spec.template.spec.containers[0].env[0].value",
    },
    {
      title: "A task without the collector that it sends to",
      resources: ecs(SYSTEM, [traced]),
      property: "containerDefinitions[0].environment[0].value",
    },
  ],
};
