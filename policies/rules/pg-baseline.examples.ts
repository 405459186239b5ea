import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { inSystem, rdsInstance } from "../testing/store-fixtures.ts";

const settings = (text: string) => kubernetes("core/v1:ConfigMap", { data: { "postgresql.conf": text } });

export const examples: Examples = {
  good: [
    { title: "A supported version that is maintained and protected", resources: [rdsInstance()] },
    { title: "Settings of a server in the cluster", resources: [settings("max_connections = '100'\n")] },
  ],
  bad: [
    {
      title: "A version without support",
      resources: [rdsInstance({ engineVersion: "12.22" })],
      property: "engineVersion",
    },
    {
      title: "A database of archesai with the settings of another one",
      resources: [inSystem("archesai", settings("max_connections = '100'\n"))],
      property: 'data["postgresql.conf"]',
    },
    {
      title: "A server that is not upgraded",
      resources: [rdsInstance({ autoMinorVersionUpgrade: false })],
      property: "autoMinorVersionUpgrade",
    },
  ],
};
