import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { inSystem, rdsInstance, rdsReplica } from "../testing/store-fixtures.ts";

const operated = (instances: number) =>
  inSystem("ecommerce-bot", kubernetes("postgresql.cnpg.io/v1:Cluster", { spec: { instances } }));

export const examples: Examples = {
  good: [
    {
      title: "A database of retail-brain with a read replica",
      resources: [rdsInstance(), rdsReplica()].map((resource) => inSystem("retail-brain", resource)),
    },
    { title: "A database of ecommerce-bot in the cluster with a second server", resources: [operated(2)] },
  ],
  bad: [
    {
      title: "A database of retail-brain alone",
      resources: [inSystem("retail-brain", rdsInstance())],
      property: "identifier",
      anyValue: true,
    },
    {
      title: "A database of ecommerce-bot with one server",
      resources: [operated(1)],
      property: "spec.instances",
      anyValue: true,
    },
  ],
};
