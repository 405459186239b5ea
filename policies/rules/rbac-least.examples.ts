import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const GROUP = "rbac.authorization.k8s.io/v1";
const rule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] };
const subjects = [{ kind: "ServiceAccount", name: "prometheus", namespace: "worldstore" }];

export const examples: Examples = {
  good: [
    { title: "A role that names what it grants", resources: [kubernetes(`${GROUP}:Role`, { rules: [rule] })] },
    {
      title: "A role bound to one account",
      resources: [kubernetes(`${GROUP}:RoleBinding`, { roleRef: { name: "pod-reader" }, subjects })],
    },
  ],
  bad: [
    {
      title: "A role with every verb",
      resources: [kubernetes(`${GROUP}:Role`, { rules: [{ ...rule, verbs: ["*"] }] })],
      property: "rules[0].verbs[0]",
    },
    {
      title: "An account that administers the cluster",
      resources: [kubernetes(`${GROUP}:ClusterRoleBinding`, { roleRef: { name: "cluster-admin" }, subjects })],
      property: "roleRef.name",
    },
  ],
};
