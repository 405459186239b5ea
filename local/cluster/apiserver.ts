import { isOk } from "./api.ts";
import { certificateFiles, encryptionConfiguration, serviceAccountKeys } from "./pki.ts";
import type { Component } from "./process.ts";
import { addresses, clusterDomain, serviceRange } from "./settings.ts";

/** The Kubernetes API: Node and RBAC authorization, Pod Security admission, secrets encrypted in the store. */
export function apiserver(kubernetes: string): Component {
  const serving = certificateFiles("apiserver");
  const store = certificateFiles("apiserver-etcd-client");
  const toKubelet = certificateFiles("apiserver-kubelet-client");
  const frontProxy = certificateFiles("front-proxy-client");
  const authority = certificateFiles("ca").cert;
  const tokens = serviceAccountKeys();
  const { host, port } = addresses.apiserver;
  return {
    name: "apiserver",
    command: kubernetes,
    args: [
      "kube-apiserver",
      `--bind-address=${host}`,
      `--advertise-address=${host}`,
      `--secure-port=${port}`,
      `--tls-cert-file=${serving.cert}`,
      `--tls-private-key-file=${serving.key}`,
      `--client-ca-file=${authority}`,
      "--anonymous-auth=true",
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      `--etcd-servers=https://${addresses.etcd.host}:${addresses.etcd.port}`,
      `--etcd-cafile=${authority}`,
      `--etcd-certfile=${store.cert}`,
      `--etcd-keyfile=${store.key}`,
      `--encryption-provider-config=${encryptionConfiguration()}`,
      `--kubelet-certificate-authority=${authority}`,
      `--kubelet-client-certificate=${toKubelet.cert}`,
      `--kubelet-client-key=${toKubelet.key}`,
      "--kubelet-preferred-address-types=InternalIP",
      `--requestheader-client-ca-file=${certificateFiles("front-proxy-ca").cert}`,
      "--requestheader-allowed-names=front-proxy-client",
      "--requestheader-extra-headers-prefix=X-Remote-Extra-",
      "--requestheader-group-headers=X-Remote-Group",
      "--requestheader-username-headers=X-Remote-User",
      `--proxy-client-cert-file=${frontProxy.cert}`,
      `--proxy-client-key-file=${frontProxy.key}`,
      `--service-account-issuer=https://kubernetes.default.svc.${clusterDomain}`,
      `--service-account-signing-key-file=${tokens.privateKey}`,
      `--service-account-key-file=${tokens.publicKey}`,
      `--service-cluster-ip-range=${serviceRange}`,
      "--profiling=false",
    ],
    files: {},
    listens: [addresses.apiserver],
    ready: () => isOk("https", addresses.apiserver, "/readyz"),
  };
}
