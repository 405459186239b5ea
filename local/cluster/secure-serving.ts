import { kubeconfigPath } from "./kubeconfig.ts";
import { certificateFiles } from "./pki.ts";

/** How a component serves its own health over TLS, knows its callers and reaches the API server: as command arguments. */
export function secureServing(name: "controller-manager" | "scheduler", at: { host: string; port: number }): string[] {
  const serving = certificateFiles(name);
  const config = kubeconfigPath(name);
  return [
    `--bind-address=${at.host}`,
    `--secure-port=${at.port}`,
    `--tls-cert-file=${serving.cert}`,
    `--tls-private-key-file=${serving.key}`,
    `--kubeconfig=${config}`,
    `--authentication-kubeconfig=${config}`,
    `--authorization-kubeconfig=${config}`,
    `--client-ca-file=${certificateFiles("ca").cert}`,
  ];
}
