import { Resolver } from "node:dns/promises";

import { apiServiceAddress, clusterDomain, dnsAddress } from "../settings.ts";
import { clusterAccess, confined, isRolledOut, singleton, type Addon } from "./addon.ts";

const namespace = "kube-system";
const name = "coredns";
const labels = { "k8s-app": "kube-dns" };
/** The port that network policies of the field name; see the pod's sysctl. */
const port = 53;
const healthPort = 8181;

/** The cluster's DNS: CoreDNS behind the service `kube-dns`. */
export function dns(image: string, resolvConf: string): Addon {
  const corefile = dnsConfiguration(reachableServers(resolvConf));
  return {
    name: "dns",
    manifests: [
      ...clusterAccess(namespace, name, [
        { apiGroups: [""], resources: ["services", "pods", "namespaces"], verbs: ["list", "watch"] },
        { apiGroups: ["discovery.k8s.io"], resources: ["endpointslices"], verbs: ["list", "watch"] },
      ]),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { namespace, name }, data: { Corefile: corefile } },
      singleton(
        namespace,
        name,
        labels,
        {
          priorityClassName: "system-cluster-critical",
          dnsPolicy: "Default",
          // Lets any user of this pod listen on low ports.
          securityContext: { sysctls: [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }] },
          containers: [
            {
              name,
              image,
              args: ["-conf", "/etc/coredns/Corefile"],
              ports: [
                { name: "dns", containerPort: port, protocol: "UDP" },
                { name: "dns-tcp", containerPort: port, protocol: "TCP" },
              ],
              readinessProbe: { httpGet: { path: "/ready", port: healthPort }, periodSeconds: 2 },
              resources: { requests: { cpu: "20m", memory: "40Mi" }, limits: { memory: "170Mi" } },
              securityContext: confined,
              volumeMounts: [{ name: "config", mountPath: "/etc/coredns", readOnly: true }],
            },
          ],
          volumes: [{ name: "config", configMap: { name } }],
        },
        corefile,
      ),
      {
        apiVersion: "v1",
        kind: "Service",
        metadata: { namespace, name: "kube-dns", labels },
        spec: {
          clusterIP: dnsAddress,
          selector: labels,
          ports: [
            { name: "dns", port: 53, targetPort: port, protocol: "UDP" },
            { name: "dns-tcp", port: 53, targetPort: port, protocol: "TCP" },
          ],
        },
      },
    ],
    ready: async () => (await isRolledOut(namespace, name)) && (await answers()),
  };
}

/** The name servers of a resolver configuration that a pod can reach: a loopback address is its own, not the machine's. */
export function reachableServers(resolvConf: string): string[] {
  const servers = [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map((match) => match[1]!);
  return servers.filter((server) => !/^(127\.|::1$)/.test(server));
}

/** CoreDNS's configuration: the cluster's names, and either the machine's servers or a plain "no such name" for the rest. */
export function dnsConfiguration(servers: readonly string[]): string {
  const others =
    servers.length > 0 ? `forward . ${servers.join(" ")}` : "template ANY ANY {\n        rcode NXDOMAIN\n    }";
  return `.:${port} {
    errors
    ready :${healthPort}
    kubernetes ${clusterDomain} in-addr.arpa ip6.arpa {
        pods insecure
        fallthrough in-addr.arpa ip6.arpa
        ttl 5
    }
    ${others}
    cache 5
    loadbalance
}
`;
}

/** Asks through the service address: the proxy, the pod and its view of the API all have to work for an answer. */
async function answers(): Promise<boolean> {
  const resolver = new Resolver({ timeout: 1_000, tries: 1 });
  resolver.setServers([dnsAddress]);
  const found: string[] = await resolver.resolve4(`kubernetes.default.svc.${clusterDomain}`).catch(() => []);
  return found.includes(apiServiceAddress);
}
