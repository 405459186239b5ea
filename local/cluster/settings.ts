import { join } from "node:path";

import { cachePath } from "../cache.ts";

/** The name of the cluster, its only node, its network interface and its kubeconfig context. */
export const clusterName = "agent-commerce";

/** The Kubernetes version, as the go.mod beside this file pins it. */
export const kubernetesVersion = "v1.36.3";

/** The address of the node: it lives on the cluster's own interface and is reachable from this machine and from pods only. */
export const nodeAddress = "10.217.0.1";

/** The range pods get their addresses from; the node's address is its gateway. */
export const podRange = "10.217.0.0/24";

/** The range of service addresses. */
export const serviceRange = "10.217.16.0/20";

/** The address of the `kubernetes` service: the first of the service range. */
export const apiServiceAddress = "10.217.16.1";

/** The address of the cluster's DNS service. */
export const dnsAddress = "10.217.16.10";

/** The domain of the cluster's own names. */
export const clusterDomain = "cluster.local";

const loopback = "127.0.0.1";

/** An address a component listens on. */
export interface Address {
  host: string;
  port: number;
}

/** Every address the components listen on: below the ephemeral range, and never one that another machine can reach. */
export const addresses = {
  apiserver: { host: nodeAddress, port: 26443 },
  etcd: { host: loopback, port: 26379 },
  etcdPeer: { host: loopback, port: 26380 },
  kubelet: { host: nodeAddress, port: 26250 },
  kubeletHealth: { host: loopback, port: 26248 },
  controllerManager: { host: loopback, port: 26257 },
  scheduler: { host: loopback, port: 26259 },
  proxyHealth: { host: loopback, port: 26256 },
  proxyMetrics: { host: loopback, port: 26249 },
  networkPolicy: { host: loopback, port: 26255 },
} as const satisfies Record<string, Address>;

/** The URL of the API server. */
export const serverUrl = `https://${addresses.apiserver.host}:${addresses.apiserver.port}`;

/** A path below the cluster's folder in the cache. */
export function clusterPath(...parts: string[]): string {
  return cachePath("cluster", ...parts);
}

/** Where each kind of state is kept. */
export const paths = {
  pki: () => clusterPath("pki"),
  kubeconfigs: () => clusterPath("kubeconfig"),
  /** The kubeconfig of the cluster's administrator. */
  adminKubeconfig: () => join(clusterPath("kubeconfig"), "admin.yaml"),
  config: (file: string) => clusterPath("config", file),
  containerdSocket: () => clusterPath("containerd", "containerd.sock"),
  volumes: () => clusterPath("volumes"),
};
