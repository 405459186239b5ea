import type { Examples } from "../testing/examples.ts";
import { app, networkPolicy } from "../testing/network-fixtures.ts";

const payment = { matchLabels: { app: "payment-server" } };
const dns = networkPolicy(
  { podSelector: {}, policyTypes: ["Egress"], egress: [{ to: [{ namespaceSelector: {} }], ports: [{ port: 53 }] }] },
  "dns",
);
const allow = (port: unknown) =>
  networkPolicy(
    {
      podSelector: payment,
      policyTypes: ["Ingress"],
      ingress: [{ from: [{ podSelector: { matchLabels: { app: "agent" } } }], ports: [{ port }] }],
    },
    "payment-server",
  );

export const examples: Examples = {
  good: [{ title: "A policy for a port on which the pods listen", resources: [app(), dns, allow(3000)] }],
  bad: [
    {
      title: "A port on which nothing listens",
      resources: [app(), dns, allow(3001)],
      property: "spec.ingress[0].ports[0].port",
    },
    {
      title: "A policy for labels that no pod bears",
      resources: [app(), dns, networkPolicy({ podSelector: { matchLabels: { app: "typo" } } }, "typo")],
      property: "spec.podSelector",
    },
    {
      title: "Pods that may not ask for names",
      resources: [app(), networkPolicy({ podSelector: {}, policyTypes: ["Egress"] }, "deny")],
      property: "spec.template.metadata.labels",
    },
  ],
};
