import { clusterAccess, confined, isRolledOut, singleton, type Addon } from "./addon.ts";

const namespace = "local-path-storage";
const name = "local-path-provisioner";
const configuration = "local-path-config";

/** The images of the volume provisioner. */
export interface StorageImages {
  provisioner: string;
  helper: string;
}

/** Persistent volumes as folders of this machine, by the default StorageClass `local-path`. */
export function storage(images: StorageImages, volumes: string): Addon {
  const nodePathMap = [{ node: "DEFAULT_PATH_FOR_NON_LISTED_NODES", paths: [volumes] }];
  return {
    name: "storage",
    manifests: [
      {
        apiVersion: "v1",
        kind: "Namespace",
        metadata: { name: namespace, labels: { "pod-security.kubernetes.io/enforce": "privileged" } },
      },
      ...clusterAccess(namespace, name, [
        {
          apiGroups: [""],
          resources: ["nodes", "persistentvolumeclaims", "configmaps", "pods", "pods/log"],
          verbs: ["get", "list", "watch"],
        },
        {
          apiGroups: [""],
          resources: ["persistentvolumes"],
          verbs: ["get", "list", "watch", "create", "patch", "update", "delete"],
        },
        { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
        { apiGroups: ["storage.k8s.io"], resources: ["storageclasses"], verbs: ["get", "list", "watch"] },
      ]),
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "Role",
        metadata: { namespace, name },
        rules: [{ apiGroups: [""], resources: ["pods"], verbs: ["create", "delete"] }],
      },
      {
        apiVersion: "rbac.authorization.k8s.io/v1",
        kind: "RoleBinding",
        metadata: { namespace, name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name },
        subjects: [{ kind: "ServiceAccount", namespace, name }],
      },
      {
        apiVersion: "v1",
        kind: "ConfigMap",
        metadata: { namespace, name: configuration },
        data: {
          "config.json": JSON.stringify({
            nodePathMap,
            setupCommand: "/volume-helper",
            teardownCommand: "/volume-helper",
          }),
          "helperPod.yaml": JSON.stringify(helperPod(images.helper)),
        },
      },
      singleton(
        namespace,
        name,
        { app: name },
        {
          containers: [
            {
              name,
              image: images.provisioner,
              args: ["start", "--config", "/etc/config/config.json", "--service-account-name", "default"],
              env: [
                { name: "POD_NAMESPACE", value: namespace },
                { name: "CONFIG_MOUNT_PATH", value: "/etc/config/" },
              ],
              resources: { requests: { cpu: "10m", memory: "30Mi" }, limits: { memory: "128Mi" } },
              securityContext: confined,
              volumeMounts: [{ name: "config", mountPath: "/etc/config", readOnly: true }],
            },
          ],
          volumes: [{ name: "config", configMap: { name: configuration } }],
        },
      ),
      {
        apiVersion: "storage.k8s.io/v1",
        kind: "StorageClass",
        metadata: {
          name: "local-path",
          annotations: {
            "storageclass.kubernetes.io/is-default-class": "true",
            // A volume of this type is handed to the pod's fsGroup; a hostPath never is.
            defaultVolumeType: "local",
          },
        },
        provisioner: "rancher.io/local-path",
        volumeBindingMode: "WaitForFirstConsumer",
        reclaimPolicy: "Delete",
      },
    ],
    ready: () => isRolledOut(namespace, name),
  };
}

function helperPod(image: string): object {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "helper-pod" },
    spec: {
      automountServiceAccountToken: false,
      containers: [
        {
          name: "helper-pod",
          image,
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            seccompProfile: { type: "RuntimeDefault" },
          },
        },
      ],
    },
  };
}
