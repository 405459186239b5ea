import { copies, ecsService } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";
import { podSpec } from "../testing/fixtures.ts";

const over = (topologyKey: string) => {
  const labelSelector = { matchLabels: { app: "payment-server" } };
  const constraint = { maxSkew: 1, topologyKey, whenUnsatisfiable: "ScheduleAnyway", labelSelector };
  return copies({ replicas: 2 }, { pod: podSpec({ topologySpreadConstraints: [constraint] }) });
};

export const examples: Examples = {
  good: [
    { title: "Two copies in two zones", resources: [over("topology.kubernetes.io/zone")] },
    { title: "Tasks in two subnets", resources: [ecsService()] },
  ],
  bad: [
    {
      title: "Two copies wherever there is room",
      resources: [copies({ replicas: 2 })],
      property: "spec.template.spec.topologySpreadConstraints",
    },
    {
      title: "Two copies on two machines of one zone",
      resources: [over("kubernetes.io/hostname")],
      property: "spec.template.spec.topologySpreadConstraints",
    },
    {
      title: "Tasks in one subnet",
      resources: [ecsService({ networkConfiguration: { subnets: ["subnet-a"] } })],
      property: "networkConfiguration.subnets",
    },
  ],
};
