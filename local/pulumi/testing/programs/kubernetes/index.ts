import * as pulumi from "@pulumi/pulumi";
import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/configMap.js";
import { Secret } from "@pulumi/kubernetes/core/v1/secret.js";
import { Provider } from "@pulumi/kubernetes/provider.js";

const config = new pulumi.Config();
const provider = new Provider("cluster", {
  kubeconfig: config.require("kubeconfig"),
  namespace: config.require("namespace"),
});
const options = { provider };

const settings = new ConfigMap("settings", { data: { greeting: config.get("greeting") ?? "hello" } }, options);
const secret = new Secret(
  "secret",
  { metadata: { name: "secret" }, stringData: { password: "correct-horse" } },
  options,
);
const labels = { app: "web" };
const spec = {
  selector: { matchLabels: labels },
  template: {
    metadata: { labels },
    spec: {
      terminationGracePeriodSeconds: 1,
      containers: [
        {
          name: "web",
          image: config.require("image"),
          envFrom: [{ configMapRef: { name: settings.metadata.name } }, { secretRef: { name: secret.metadata.name } }],
        },
      ],
    },
  },
};
const web = new Deployment("web", { spec }, { ...options, customTimeouts: { create: "8s", update: "8s" } });

export const name = settings.metadata.name;
export const uid = web.metadata.uid;
