import type { Examples } from "../testing/examples.ts";
import { workload } from "../testing/fixtures.ts";
import { networkPolicy } from "../testing/network-fixtures.ts";

const deny = networkPolicy({ podSelector: {}, policyTypes: ["Ingress", "Egress"] }, "default-deny");
const allow = (from: unknown[]) =>
  networkPolicy({
    podSelector: { matchLabels: { app: "payment-server" } },
    ingress: [{ from, ports: [{ port: 3000 }] }],
  });

export const examples: Examples = {
  good: [
    { title: "A namespace that denies what no policy allows", resources: [workload(), deny] },
    { title: "A policy for named pods", resources: [allow([{ podSelector: { matchLabels: { app: "agent" } } }])] },
  ],
  bad: [
    { title: "A namespace without a denial", resources: [workload()], property: "metadata.namespace" },
    { title: "A policy that lets everyone in", resources: [allow([])], property: "spec.ingress[0].from" },
  ],
};
