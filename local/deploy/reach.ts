import { UserError } from "../../infra/errors.ts";
import { ApiError, Client } from "../pulumi/plugins/kubernetes/client.ts";
import { readKubeconfig, type KubeconfigSource } from "../pulumi/plugins/kubernetes/kubeconfig.ts";

/**
 * Asks a cluster for what it serves, before anything is made for it.
 *
 * @throws UserError when the kubeconfig names no such cluster, nobody answers or the answer is a refusal
 */
export async function requireCluster(cluster: KubeconfigSource): Promise<void> {
  const where = cluster.context === undefined ? "kubeconfig" : `context ${cluster.context}`;
  try {
    await new Client(readKubeconfig(cluster)).json("/api");
  } catch (error) {
    const { message } = error as Error;
    throw new UserError({
      where,
      message:
        error instanceof ApiError
          ? `the cluster answers with status ${error.status} (${message}); give the context's user the right credentials.`
          : message,
    });
  }
}
