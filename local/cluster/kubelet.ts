import { isOk } from "./api.ts";
import type { Host } from "./host.ts";
import { kubeconfigPath } from "./kubeconfig.ts";
import { certificateFiles } from "./pki.ts";
import type { Component } from "./process.ts";
import { addresses, clusterDomain, clusterName, clusterPath, dnsAddress, nodeAddress, paths } from "./settings.ts";

/** The node's agent: it starts the pods. */
export function kubelet(kubernetes: string, host: Host): Component {
  const file = paths.config("kubelet.json");
  return {
    name: "kubelet",
    command: kubernetes,
    args: [
      "kubelet",
      `--config=${file}`,
      `--kubeconfig=${kubeconfigPath("kubelet-client")}`,
      `--root-dir=${clusterPath("kubelet")}`,
      `--hostname-override=${clusterName}`,
      `--node-ip=${nodeAddress}`,
    ],
    files: { [file]: JSON.stringify(kubeletConfiguration(host), undefined, 2) },
    listens: [addresses.kubelet, addresses.kubeletHealth],
    ready: () => isOk("http", addresses.kubeletHealth, "/healthz"),
  };
}

/** The kubelet's configuration, fitted to what this machine can do. */
export function kubeletConfiguration(host: Host): object {
  const serving = certificateFiles("kubelet");
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: addresses.kubelet.host,
    port: addresses.kubelet.port,
    readOnlyPort: 0,
    healthzBindAddress: addresses.kubeletHealth.host,
    healthzPort: addresses.kubeletHealth.port,
    tlsCertFile: serving.cert,
    tlsPrivateKeyFile: serving.key,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificateFiles("ca").cert },
    },
    authorization: { mode: "Webhook" },
    containerRuntimeEndpoint: `unix://${paths.containerdSocket()}`,
    clusterDNS: [dnsAddress],
    clusterDomain,
    resolvConf: host.resolvConf,
    podLogsDir: clusterPath("pod-logs"),
    volumePluginDir: clusterPath("kubelet", "volume-plugins"),
    staticPodPath: "",
    cgroupDriver: "cgroupfs",
    failCgroupV1: false,
    failSwapOn: false,
    enforceNodeAllocatable: [],
    // Without the right to set limits the kubelet would give up at its start; with this gate it goes on.
    featureGates: { KubeletInUserNamespace: !host.maySetLimits },
    makeIPTablesUtilChains: false,
    // Images here were built on this machine and cannot be pulled again: none is ever removed to make room.
    imageGCHighThresholdPercent: 100,
    imageGCLowThresholdPercent: 99,
    evictionHard: { "memory.available": "100Mi", "nodefs.available": "1Gi", "nodefs.inodesFree": "1%" },
    containerLogMaxSize: "10Mi",
    containerLogMaxFiles: 3,
    serializeImagePulls: true,
    registerNode: true,
    shutdownGracePeriod: "0s",
    nodeStatusUpdateFrequency: "5s",
    syncFrequency: "10s",
  };
}
