import { readFileSync } from "node:fs";
import { join } from "node:path";

import { contentKey } from "../../cache.ts";
import { isOk } from "../api.ts";
import type { Manifest } from "../addons/addon.ts";
import { kubeconfigPath } from "../kubeconfig.ts";
import type { Component } from "../process.ts";
import { addresses } from "../settings.ts";

const user = "network-policy";
const sources = ["enforcer.ts", "rules.ts", "selector.ts", "addresses.ts"].map((file) =>
  join(import.meta.dirname, file),
);

/** The enforcement of network policies, which the pods' network itself does not know. */
export function networkPolicy(): Component {
  return {
    name: "network-policy",
    command: process.execPath,
    args: ["--disable-warning=ExperimentalWarning", sources[0]!, kubeconfigPath(user)],
    files: {},
    revision: contentKey(...sources.map((file) => readFileSync(file))),
    listens: [addresses.networkPolicy],
    ready: () => isOk("http", addresses.networkPolicy, "/healthz"),
  };
}

/** What the enforcer may read. */
export const networkPolicyAccess: readonly Manifest[] = [
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRole",
    metadata: { name: user },
    rules: [
      { apiGroups: [""], resources: ["pods", "namespaces"], verbs: ["list", "watch"] },
      { apiGroups: ["networking.k8s.io"], resources: ["networkpolicies"], verbs: ["list", "watch"] },
    ],
  },
  {
    apiVersion: "rbac.authorization.k8s.io/v1",
    kind: "ClusterRoleBinding",
    metadata: { name: user },
    roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: user },
    subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: user }],
  },
];
