import type { TestResource } from "../testing/analyzer.ts";
import { ecsService } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";

const cluster = (value: string): TestResource => ({
  type: "aws:ecs/cluster:Cluster",
  name: "worldstore",
  properties: { settings: [{ name: "containerInsights", value }] },
});

export const examples: Examples = {
  good: [
    { title: "A cluster that is watched", resources: [cluster("enhanced")] },
    { title: "A service on the newest platform", resources: [ecsService({ platformVersion: "LATEST" })] },
  ],
  bad: [
    {
      title: "A cluster that nobody watches",
      resources: [cluster("disabled")],
      property: "settings[0].value",
    },
    {
      title: "A service on a platform without the latest fixes",
      resources: [ecsService({ platformVersion: "1.3.0" })],
      property: "platformVersion",
    },
  ],
};
