import { copies, ecsService } from "../testing/copies.ts";
import type { Examples } from "../testing/examples.ts";
import { podSpec } from "../testing/fixtures.ts";

const strategy = { capacityProviderStrategies: [{ capacityProvider: "FARGATE_SPOT", weight: 1 }] };
const pod = podSpec({ nodeSelector: { "karpenter.sh/capacity-type": "spot" } });

export const examples: Examples = {
  good: [
    { title: "A worker on spot capacity", resources: [ecsService(strategy, "order-queue-worker")] },
    { title: "A worker on spot machines", resources: [copies({}, { name: "order-queue-worker", pod })] },
  ],
  bad: [
    {
      title: "The payment server on spot capacity",
      resources: [ecsService(strategy)],
      property: "capacityProviderStrategies[0].capacityProvider",
    },
    {
      title: "The agent on spot machines",
      resources: [copies({}, { name: "worldstore-agent", kind: "StatefulSet", pod })],
      property: 'spec.template.spec.nodeSelector["karpenter.sh/capacity-type"]',
    },
  ],
};
