import type { Path } from "../values.ts";
import { groupOf } from "./object.ts";

/** What the provider's configuration says about data that may change in place. */
export interface Mutability {
  configMaps: boolean;
  secrets: boolean;
}

/** What decides whether a change can be made in place. */
export interface ImmutabilitySubject {
  apiVersion: string;
  kind: string;
  /** The object's own `immutable: true`. */
  immutable: boolean;
}

const selector = ["spec.selector"];
const volumeSources =
  "awsElasticBlockStore azureDisk azureFile cephfs cinder csi fc flexVolume flocker gcePersistentDisk glusterfs hostPath " +
  "iscsi local nfs photonPersistentDisk portworxVolume quobyte rbd scaleIO storageos vsphereVolume volumeMode";
const podFields =
  "affinity automountServiceAccountToken dnsConfig dnsPolicy enableServiceLinks hostAliases hostIPC hostNetwork hostPID " +
  "hostname hostUsers imagePullSecrets nodeName nodeSelector os overhead preemptionPolicy priority priorityClassName " +
  "readinessGates resourceClaims restartPolicy runtimeClassName schedulerName securityContext serviceAccount " +
  "serviceAccountName setHostnameAsFQDN shareProcessNamespace subdomain topologySpreadConstraints volumes";
const containerFields =
  "args command env envFrom imagePullPolicy lifecycle livenessProbe name ports readinessProbe restartPolicy securityContext " +
  "startupProbe stdin stdinOnce terminationMessagePath terminationMessagePolicy tty volumeDevices volumeMounts workingDir";

const under = (prefix: string, names: string) => names.split(" ").map((name) => `${prefix}.${name}`);

/** Fields the API server refuses to change, by `group/kind`; `*` is any array index. */
const immutableFields: Record<string, readonly string[]> = {
  "apps/DaemonSet": selector,
  "apps/Deployment": selector,
  "apps/ReplicaSet": selector,
  "apps/StatefulSet": [...selector, ...under("spec", "podManagementPolicy serviceName volumeClaimTemplates")],
  "batch/Job": under(
    "spec",
    "backoffLimitPerIndex completionMode completions managedBy manualSelector podFailurePolicy selector successPolicy template",
  ),
  "/PersistentVolume": under("spec", volumeSources),
  "/PersistentVolumeClaim": under(
    "spec",
    "accessModes dataSource dataSourceRef selector storageClassName volumeMode volumeName",
  ),
  "/Pod": [
    ...under("spec", podFields),
    ...under("spec.containers.*", containerFields),
    ...under("spec.initContainers.*", containerFields),
  ],
  "/ResourceQuota": ["spec.scopes", "spec.scopeSelector"],
  "/Secret": ["type"],
  "/Service": ["spec.clusterIP"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["parameters", "provisioner", "reclaimPolicy", "volumeBindingMode"],
  "storage.k8s.io/CSIDriver": ["spec.attachRequired", "spec.fsGroupPolicy", "spec.volumeLifecycleModes"],
  "networking.k8s.io/IngressClass": ["spec.controller"],
  "node.k8s.io/RuntimeClass": ["handler"],
  "scheduling.k8s.io/PriorityClass": ["value", "preemptionPolicy"],
  "apiextensions.k8s.io/CustomResourceDefinition": ["spec.group", "spec.names.plural", "spec.scope"],
};

/** Whether a change at the path needs a new object in place of the old one. */
export function isImmutable(subject: ImmutabilitySubject, path: Path, mutability: Mutability): boolean {
  return patterns(subject, mutability).some((pattern) => meets(pattern, path));
}

function patterns({ apiVersion, kind, immutable }: ImmutabilitySubject, mutability: Mutability): readonly string[] {
  const always = ["kind", "metadata.name", "metadata.namespace"];
  const group = groupOf(apiVersion);
  const fields = immutableFields[`${group}/${kind}`] ?? [];
  if (group === "" && kind === "ConfigMap" && (immutable || !mutability.configMaps)) {
    return [...always, "data", "binaryData", ...(immutable ? ["immutable"] : [])];
  }
  if (group === "" && kind === "Secret" && (immutable || !mutability.secrets)) {
    return [...always, ...fields, "data", ...(immutable ? ["immutable"] : [])];
  }
  return [...always, ...fields];
}

/** Whether the path leads to, into or around the field. */
function meets(pattern: string, path: Path): boolean {
  const steps = pattern.split(".");
  const shared = Math.min(steps.length, path.length);
  return steps.slice(0, shared).every((step, index) => step === "*" || step === String(path[index]));
}
