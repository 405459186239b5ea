import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";

const cluster = (version: string): TestResource => {
  return { type: "aws:eks/cluster:Cluster", name: "production", properties: { version } };
};
const nodes = (count: number, type: string): TestResource => ({
  type: "aws:eks/nodeGroup:NodeGroup",
  name: "production",
  properties: {
    scalingConfig: { desiredSize: count, minSize: count, maxSize: 6 },
    instanceTypes: [type],
    tags: { system: "archesai" },
  },
});

export const examples: Examples = {
  good: [{ title: "A current cluster with three large nodes", resources: [cluster("1.33"), nodes(3, "m7i.xlarge")] }],
  bad: [
    { title: "A version that gets no fixes", resources: [cluster("1.24")], property: "version" },
    { title: "Two nodes", resources: [nodes(2, "m7i.xlarge")], property: "scalingConfig.desiredSize" },
    { title: "Nodes that are too small", resources: [nodes(3, "t3.large")], property: "instanceTypes[0]" },
  ],
};
