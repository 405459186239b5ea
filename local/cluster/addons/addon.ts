import { contentKey } from "../../cache.ts";
import { readApi } from "../api.ts";

/** A Kubernetes object as it is handed to `kubectl apply`. */
export type Manifest = Readonly<Record<string, unknown>>;

/** Something that runs in the cluster for everybody. */
export interface Addon {
  name: string;
  /** Every object it consists of, in the order they are applied. */
  manifests: readonly Manifest[];
  /** Whether it does its work now. */
  ready: () => Promise<boolean>;
}

interface DeploymentStatus {
  metadata: { generation: number };
  status: { observedGeneration?: number; updatedReplicas?: number; readyReplicas?: number; replicas?: number };
}

/** Whether a Deployment runs what was last applied, and nothing older. */
export async function isRolledOut(namespace: string, name: string): Promise<boolean> {
  const { metadata, status } = await readApi<DeploymentStatus>(
    `/apis/apps/v1/namespaces/${namespace}/deployments/${name}`,
  );
  return (
    status.observedGeneration === metadata.generation &&
    status.readyReplicas === 1 &&
    status.updatedReplicas === 1 &&
    status.replicas === 1
  );
}

/** What every add-on's container is held to: the restricted Pod Security profile, with nothing to write to. */
export const confined = {
  allowPrivilegeEscalation: false,
  readOnlyRootFilesystem: true,
  runAsNonRoot: true,
  capabilities: { drop: ["ALL"] },
  seccompProfile: { type: "RuntimeDefault" },
} as const;

/** A service account, and the cluster-wide rules it acts by. */
export function clusterAccess(namespace: string, name: string, rules: readonly object[]): Manifest[] {
  const role = `${namespace}:${name}`;
  return [
    { apiVersion: "v1", kind: "ServiceAccount", metadata: { namespace, name } },
    { apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: role }, rules },
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "ClusterRoleBinding",
      metadata: { name: role },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role },
      subjects: [{ kind: "ServiceAccount", namespace, name }],
    },
  ];
}

/** A Deployment of one pod; a change of the configuration it reads at its start makes a new pod. */
export function singleton(
  namespace: string,
  name: string,
  labels: Record<string, string>,
  pod: object,
  configuration = "",
): Manifest {
  const annotations = { "agent-commerce/configuration": contentKey(configuration) };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { namespace, name, labels },
    spec: {
      replicas: 1,
      strategy: { type: "Recreate" },
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { serviceAccountName: name, ...pod } },
    },
  };
}
