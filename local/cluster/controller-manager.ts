import { isOk } from "./api.ts";
import { certificateFiles, serviceAccountKeys } from "./pki.ts";
import type { Component } from "./process.ts";
import { secureServing } from "./secure-serving.ts";
import { addresses, clusterName, podRange, serviceRange } from "./settings.ts";

/** The controllers of Kubernetes itself, each with a service account of its own. */
export function controllerManager(kubernetes: string): Component {
  const authority = certificateFiles("ca");
  return {
    name: "controller-manager",
    command: kubernetes,
    args: [
      "kube-controller-manager",
      ...secureServing("controller-manager", addresses.controllerManager),
      `--cluster-name=${clusterName}`,
      `--cluster-cidr=${podRange}`,
      `--service-cluster-ip-range=${serviceRange}`,
      "--allocate-node-cidrs=false",
      `--cluster-signing-cert-file=${authority.cert}`,
      `--cluster-signing-key-file=${authority.key}`,
      `--root-ca-file=${authority.cert}`,
      `--service-account-private-key-file=${serviceAccountKeys().privateKey}`,
      "--use-service-account-credentials=true",
      "--leader-elect=false",
      "--profiling=false",
    ],
    files: {},
    listens: [addresses.controllerManager],
    ready: () => isOk("https", addresses.controllerManager, "/healthz"),
  };
}
