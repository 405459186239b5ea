import { copies } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";
import { container, ecsContainer, podSpec, taskDefinition } from "../testing/fixtures.ts";

const env = (level: string) => [
  { name: "NODE_ENV", value: "production" },
  { name: "LOG_LEVEL", value: level },
];
const server = (level: string) => copies({}, { pod: podSpec({ containers: [container({ env: env(level) })] }) });
const task = (level: string) =>
  taskDefinition([ecsContainer({ environment: env(level) })], {
    tags: { system: "worldstore", component: "worldstore-server" },
  });

export const examples: Examples = {
  good: [
    { title: "A server that runs in production", resources: [server("info")] },
    { title: "A server on ECS that does", resources: [task("info")] },
  ],
  bad: [
    {
      title: "A server that writes everything into its log",
      resources: [server("debug")],
      property: "spec.template.spec.containers[0].env[1].value",
    },
    {
      title: "A server on ECS that does",
      resources: [task("debug")],
      property: "containerDefinitions[0].environment[1].value",
    },
  ],
};
