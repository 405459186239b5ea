import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import { Config } from "@pulumi/pulumi";
import { container, podSpec } from "../fixtures.ts";

/** The changes to a container that each weakness stands for. */
const weaknesses: Record<string, Record<string, unknown>> = {
  "latest-image": { image: "images.local/agent:latest" },
  "plaintext-secret": { env: [{ name: "WALLET_KEY", value: "correct-horse-battery" }] },
  "root-container": {
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
      runAsUser: 0,
    },
  },
};

/** A server that answers nobody: what the policies stop never reaches it. */
const kubeconfig = JSON.stringify({
  apiVersion: "v1",
  kind: "Config",
  "current-context": "none",
  clusters: [{ name: "none", cluster: { server: "https://127.0.0.1:9" } }],
  contexts: [{ name: "none", context: { cluster: "none", user: "none" } }],
  users: [{ name: "none", user: {} }],
});

const weakness = new Config().get("weakness") ?? "none";
const provider = new Provider("kubernetes", { kubeconfig });
const metadata = { name: "payment-server", namespace: "worldstore" };
const labels = { app: "payment-server" };

new Deployment(
  "payment-server",
  {
    metadata,
    spec: {
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { ...podSpec(), containers: [{ name: "app", ...container(weaknesses[weakness]) }] },
      },
    },
  },
  { provider },
);

new NetworkPolicy(
  "default-deny",
  { metadata, spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] } },
  { provider },
);

if (weakness === "open-network-policy") {
  new NetworkPolicy("open", { metadata, spec: { podSelector: {}, ingress: [{}] } }, { provider });
}
