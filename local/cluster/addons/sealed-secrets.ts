import { askApi, readApi } from "../api.ts";
import { clusterAccess, confined, isRolledOut, singleton, type Addon } from "./addon.ts";

const namespace = "kube-system";
const name = "sealed-secrets-controller";
const labels = { "app.kubernetes.io/name": "sealed-secrets" };
const port = 8080;
const keyLabel = "sealedsecrets.bitnami.com/sealed-secrets-key";

interface KeySecrets {
  items: { metadata: { creationTimestamp: string }; data: Record<string, string> }[];
}

/** The sealed-secrets controller under its customary name, so that `kubeseal` finds it without options. */
export function sealedSecrets(image: string): Addon {
  return {
    name: "sealed-secrets",
    manifests: [
      ...clusterAccess(namespace, name, [
        { apiGroups: ["bitnami.com"], resources: ["sealedsecrets"], verbs: ["get", "list", "watch"] },
        { apiGroups: ["bitnami.com"], resources: ["sealedsecrets/status"], verbs: ["update"] },
        { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "create", "update", "delete", "watch"] },
        { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
        { apiGroups: [""], resources: ["namespaces"], verbs: ["get"] },
      ]),
      singleton(namespace, name, labels, {
        containers: [
          {
            name,
            image,
            // Sealed once per plaintext: the key that seals stays the same for the life of the cluster.
            args: ["--update-status", "--key-renew-period=0"],
            env: [{ name: "POD_NAMESPACE", value: namespace }],
            ports: [{ name: "http", containerPort: port }],
            readinessProbe: { httpGet: { path: "/healthz", port }, periodSeconds: 2 },
            resources: { requests: { cpu: "10m", memory: "30Mi" }, limits: { memory: "256Mi" } },
            securityContext: confined,
          },
        ],
      }),
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { namespace, name },
        spec: { selector: labels, ports: [{ name: "http", port, targetPort: port }] },
      },
    ],
    ready: async () => (await isRolledOut(namespace, name)) && (await answers()),
  };
}

/**
 * The certificate that new secrets are sealed against, as PEM.
 *
 * @throws Error while the controller has not made its key
 */
export async function sealingCertificate(): Promise<string> {
  const { items } = await readApi<KeySecrets>(
    `/api/v1/namespaces/${namespace}/secrets?labelSelector=${keyLabel}%3Dactive`,
  );
  const [newest] = items.sort((a, b) => b.metadata.creationTimestamp.localeCompare(a.metadata.creationTimestamp));
  const certificate = newest?.data["tls.crt"];
  if (certificate === undefined) throw new Error("the sealed-secrets controller has no key yet");
  return Buffer.from(certificate, "base64").toString();
}

async function answers(): Promise<boolean> {
  const { status } = await askApi(`/api/v1/namespaces/${namespace}/services/http:${name}:http/proxy/healthz`);
  return status === 200;
}
