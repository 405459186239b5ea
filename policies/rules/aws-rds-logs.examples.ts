import type { Examples } from "../testing/examples.ts";
import { rdsInstance } from "../testing/store-fixtures.ts";

export const examples: Examples = {
  good: [{ title: "A PostgreSQL that publishes both logs", resources: [rdsInstance()] }],
  bad: [
    {
      title: "A server that keeps its logs to itself",
      resources: [rdsInstance({ enabledCloudwatchLogsExports: [] })],
      property: "enabledCloudwatchLogsExports",
    },
  ],
};
