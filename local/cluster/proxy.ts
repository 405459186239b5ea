import { isOk } from "./api.ts";
import { kubeconfigPath } from "./kubeconfig.ts";
import type { Component } from "./process.ts";
import { addresses, clusterName, nodeAddress, paths, podRange } from "./settings.ts";

/** Service addresses, programmed into nftables. */
export function proxy(kubernetes: string): Component {
  const file = paths.config("proxy.json");
  return {
    name: "proxy",
    command: kubernetes,
    args: ["kube-proxy", `--config=${file}`],
    files: { [file]: JSON.stringify(proxyConfiguration(), undefined, 2) },
    listens: [addresses.proxyHealth, addresses.proxyMetrics],
    ready: () => isOk("http", addresses.proxyHealth, "/healthz"),
  };
}

/** kube-proxy's configuration; node ports answer on the node's own address only, so never to other machines. */
export function proxyConfiguration(): object {
  const { proxyHealth, proxyMetrics } = addresses;
  return {
    apiVersion: "kubeproxy.config.k8s.io/v1alpha1",
    kind: "KubeProxyConfiguration",
    mode: "nftables",
    // A new service answers a moment after its pods are ready, not a second later.
    nftables: { minSyncPeriod: "100ms" },
    hostnameOverride: clusterName,
    clusterCIDR: podRange,
    nodePortAddresses: [`${nodeAddress}/32`],
    clientConnection: { kubeconfig: kubeconfigPath("proxy") },
    healthzBindAddress: `${proxyHealth.host}:${proxyHealth.port}`,
    metricsBindAddress: `${proxyMetrics.host}:${proxyMetrics.port}`,
    // Limits of the connection table belong to the machine; zero leaves them as they are.
    conntrack: { maxPerCore: 0, min: 0, tcpEstablishedTimeout: "0s", tcpCloseWaitTimeout: "0s" },
  };
}
