import type { Examples } from "../testing/examples.ts";
import { container, podSpec, workload } from "../testing/fixtures.ts";
import { rdsInstance } from "../testing/store-fixtures.ts";

const mongo = (replicas: number) => {
  const resource = workload(
    podSpec({ containers: [container({ image: "images.local/mongo:7.0.14" })] }),
    "StatefulSet",
  );
  const { spec } = resource.properties as { spec: object };
  return { ...resource, properties: { ...resource.properties, spec: { ...spec, replicas } } };
};

export const examples: Examples = {
  good: [
    { title: "A database of RDS with a standby in another zone", resources: [rdsInstance()] },
    { title: "A MongoDB replica set of three in the cluster", resources: [mongo(3)] },
  ],
  bad: [
    { title: "A single server of RDS", resources: [rdsInstance({ multiAz: false })], property: "multiAz" },
    { title: "A single MongoDB in the cluster", resources: [mongo(1)], property: "spec.replicas" },
  ],
};
