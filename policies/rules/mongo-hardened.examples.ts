import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { documentCluster, documentInstances } from "../testing/store-fixtures.ts";

const operated = (members: number) =>
  kubernetes("mongodbcommunity.mongodb.com/v1:MongoDBCommunity", {
    spec: { members, security: { tls: { enabled: true } } },
  });

export const examples: Examples = {
  good: [
    { title: "A cluster of DocumentDB with three members", resources: [documentCluster(), ...documentInstances(3)] },
    { title: "A replica set in the cluster with TLS", resources: [operated(3)] },
  ],
  bad: [
    {
      title: "A cluster of DocumentDB without an audit log",
      resources: [documentCluster({ enabledCloudwatchLogsExports: [] }), ...documentInstances(3)],
      property: "enabledCloudwatchLogsExports",
    },
    { title: "A replica set of two, which elects nobody", resources: [operated(2)], property: "spec.members" },
  ],
};
