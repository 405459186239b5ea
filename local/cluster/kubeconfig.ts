import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { certificateFiles, type LeafName } from "./pki.ts";
import { clusterName, paths, serverUrl } from "./settings.ts";

/** The certificates by which one user of the API server is known, as PEM. */
export interface Credentials {
  authority: string;
  certificate: string;
  key: string;
}

/** Reads the credentials of a user. */
export async function credentials(user: LeafName): Promise<Credentials> {
  const { cert, key } = certificateFiles(user);
  const [authority, certificate, privateKey] = await Promise.all(
    [certificateFiles("ca").cert, cert, key].map((file) => readFile(file, "utf8")),
  );
  return { authority: authority!, certificate: certificate!, key: privateKey! };
}

/** The kubeconfig of a user as text: JSON, which is YAML too, with everything inside, so that it works from any place. */
export function kubeconfig(user: string, { authority, certificate, key }: Credentials): string {
  const base64 = (text: string) => Buffer.from(text).toString("base64");
  const content = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: clusterName, cluster: { server: serverUrl, "certificate-authority-data": base64(authority) } }],
    users: [{ name: user, user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) } }],
    contexts: [{ name: clusterName, context: { cluster: clusterName, user } }],
    "current-context": clusterName,
  };
  return `${JSON.stringify(content, undefined, 2)}\n`;
}

/** The path of the kubeconfig of a component or of the administrator. */
export function kubeconfigPath(user: LeafName): string {
  return join(paths.kubeconfigs(), `${user}.yaml`);
}

/** Writes the kubeconfigs of every component and of the administrator, unless they are there. */
export async function ensureKubeconfigs(): Promise<void> {
  const users = ["admin", "controller-manager", "scheduler", "proxy", "network-policy", "kubelet-client"] as const;
  await mkdir(paths.kubeconfigs(), { recursive: true, mode: 0o700 });
  for (const user of users) {
    const path = kubeconfigPath(user);
    if (existsSync(path)) continue;
    await writeFile(`${path}.tmp`, kubeconfig(user, await credentials(user)), { mode: 0o600 });
    await chmod(`${path}.tmp`, 0o600);
    await rename(`${path}.tmp`, path);
  }
}
