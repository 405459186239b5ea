import type { Examples } from "../testing/examples.ts";
import { ecsContainer, taskDefinition } from "../testing/fixtures.ts";
import { app } from "../testing/monitoring.ts";

const SYSTEM = "retail-brain";
const options = { "awslogs-group": "/shop/prod/api", "awslogs-region": "eu-central-1" };
const logged = (logConfiguration: unknown) => taskDefinition([ecsContainer({ logConfiguration })]);
const router = ecsContainer({
  name: "log-router",
  firelensConfiguration: { type: "fluentbit" },
  logConfiguration: { logDriver: "awslogs", options },
});
const collector = (path: string) =>
  app(
    SYSTEM,
    { image: "images.local/fluent-bit:4.2.1" },
    {
      name: "collector",
      kind: "DaemonSet",
      component: "logging",
      pod: { volumes: [{ name: "logs", hostPath: { path } }] },
    },
  );
const FIRST = "containerDefinitions[0].logConfiguration";

export const examples: Examples = {
  good: [
    { title: "A container that writes to CloudWatch", resources: [logged({ logDriver: "awslogs", options })] },
    {
      title: "A container whose lines a router sorts",
      resources: [taskDefinition([ecsContainer({ logConfiguration: { logDriver: "awsfirelens" } }), router])],
    },
    { title: "A collector on every node", resources: [app(SYSTEM), collector("/var/log")] },
  ],
  bad: [
    { title: "A container whose lines nobody gets", resources: [logged(undefined)], property: `${FIRST}.logDriver` },
    {
      title: "A container whose lines stay on the machine",
      resources: [logged({ logDriver: "json-file" })],
      property: `${FIRST}.logDriver`,
    },
    {
      title: "A container whose lines go to a router that is not there",
      resources: [logged({ logDriver: "awsfirelens" })],
      property: `${FIRST}.logDriver`,
    },
    { title: "A cluster without a collector", resources: [app(SYSTEM)], property: "the resource itself" },
    {
      title: "A collector that does not see the logs of the node",
      resources: [app(SYSTEM), collector("/srv")],
      property: "spec.template.spec.volumes",
    },
  ],
};
