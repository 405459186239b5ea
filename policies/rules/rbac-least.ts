import type { Check } from "../frame/check.ts";
import type { Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { kubernetesKind } from "../workloads/kubernetes.ts";

interface Parameters {
  deniedRoles: string[];
}

const GROUP = "rbac.authorization.k8s.io";

/** Subjects that stand for the cluster's masters, or for more than one workload. */
const DENIED_SUBJECTS = [
  "system:masters",
  "system:authenticated",
  "system:unauthenticated",
  "system:anonymous",
  "system:serviceaccounts",
];

const WRITING = ["create", "update", "patch", "delete"];

/** Texts that a retired ingress controller puts into its own configuration, and so runs with its rights. */
const SNIPPET = /^nginx\.(?:ingress\.kubernetes\.io|org)\/[a-z-]*snippets?$/;

/** Rights with which an account can take further rights: resource, the verbs that matter and why. */
const ESCALATIONS: readonly { resource: string; verbs: readonly string[]; why: string }[] = [
  { resource: "secrets", verbs: ["list", "watch"], why: "reading every secret of the scope" },
  { resource: "validatingwebhookconfigurations", verbs: WRITING, why: "deciding what the cluster accepts" },
  { resource: "mutatingwebhookconfigurations", verbs: WRITING, why: "changing whatever is created" },
  { resource: "pods/exec", verbs: ["create", "get"], why: "running commands in other pods" },
  { resource: "pods/attach", verbs: ["create", "get"], why: "running commands in other pods" },
  { resource: "pods", verbs: ["create"], why: "running a pod under any account of the namespace" },
  { resource: "persistentvolumes", verbs: ["create"], why: "mounting a directory of the host" },
  { resource: "nodes/proxy", verbs: ["get", "create"], why: "reaching the kubelet without audit" },
  { resource: "serviceaccounts/token", verbs: ["create"], why: "making tokens for other accounts" },
  { resource: "certificatesigningrequests/approval", verbs: ["update", "patch"], why: "approving certificates" },
];

/** Roles grant what they name, to whom they name, and nothing by which more could be had. */
export const rbacLeast = definePolicy<Parameters>({
  id: "POL-RBAC-LEAST",
  title: "RBAC without wildcards or cluster-admin",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: {
    nsa: ["C-0002", "C-0035", "C-0059"],
    cis: [
      "5.1.1",
      "5.1.2",
      "5.1.3",
      "5.1.4",
      "5.1.5",
      "5.1.7",
      "5.1.8",
      "5.1.9",
      "5.1.10",
      "5.1.11",
      "5.1.12",
      "5.1.13",
    ],
  },
  requirements: ["EB-SEC-24", "AR-SEC-11"],
  remediation: "Name the API groups, resources and verbs that the workload needs, and bind them to its own account.",
  parameters: {
    deniedRoles: {
      type: "array",
      items: { type: "string" },
      description: "Cluster roles that nothing may be bound to.",
      default: ["cluster-admin", "admin"],
    },
  },
  check(check, resource, { deniedRoles }) {
    const kind = kubernetesKind(resource, GROUP);
    if (kind === "Role" || kind === "ClusterRole") {
      check.items(resource.properties.get("rules")).forEach((rule) => checkRule(check, rule));
    }
    if (kubernetesKind(resource, "networking.k8s.io") === "Ingress") {
      for (const [name, snippet] of check.entries(resource.properties.get("metadata", "annotations"))) {
        if (SNIPPET.test(name)) {
          check.object(snippet, {
            found: "configuration of the ingress controller",
            expected: "nothing: it runs with the rights of the controller, which reads every secret",
            fix: "Remove the annotation.",
          });
        }
      }
    }
    if (kind === "RoleBinding" || kind === "ClusterRoleBinding") {
      check.expect(resource.properties.get("roleRef", "name"), (role) => !deniedRoles.includes(String(role)), {
        expected: `a role other than ${deniedRoles.join(", ")}`,
      });
      check.items(resource.properties.get("subjects")).forEach((subject) => checkSubject(check, subject));
    }
  },
});

function checkRule(check: Check, rule: Field): void {
  for (const key of ["apiGroups", "resources", "verbs", "nonResourceURLs"]) {
    for (const item of check.items(rule.get(key))) {
      const wildcard = key === "resources" ? /^\*(?:$|\/)|\/\*$/ : /^\*$/;
      check.expect(item, (value) => !wildcard.test(String(value)), { expected: `${key} named one by one` });
    }
  }
  for (const verb of check.items(rule.get("verbs"))) {
    check.expect(verb, (value) => !["bind", "escalate", "impersonate"].includes(String(value)), {
      expected: "no verb that grants further rights",
    });
  }
  const verbs = rule.get("verbs").items();
  const names = rule.get("resourceNames");
  for (const resource of rule.get("resources").items()) {
    if (resource.value === "secrets" && names.absent && verbs.some(({ value }) => value === "get")) {
      check.object(resource, {
        found: "secrets with the verb get and no resourceNames",
        expected: "resourceNames: without them every secret of the scope can be read by its name",
      });
    }
    const escalation = ESCALATIONS.find(({ resource: name }) => name === resource.value);
    const verb = verbs.find(({ value }) => escalation?.verbs.includes(String(value)));
    if (escalation && verb) {
      check.object(resource, {
        found: `${escalation.resource} with the verb ${String(verb.value)}`,
        expected: `no right to ${escalation.verbs.join(" or ")} ${escalation.resource}: it allows ${escalation.why}`,
      });
    }
  }
}

function checkSubject(check: Check, subject: Field): void {
  check.expect(subject.get("name"), (value) => !DENIED_SUBJECTS.some((denied) => isWithin(String(value), denied)), {
    expected: "one workload's own account",
  });
  if (subject.get("kind").value === "ServiceAccount") {
    check.expect(subject.get("name"), (value) => value !== "default", { expected: "an account other than default" });
  }
}

/** `system:serviceaccounts:<namespace>` stands for all accounts of a namespace. */
function isWithin(name: string, denied: string): boolean {
  return name === denied || name.startsWith(`${denied}:`);
}
