import { definePolicy } from "../frame/policy.ts";
import { podDraft } from "../workloads/drafts.ts";
import { kubernetesKind, podOf } from "../workloads/kubernetes.ts";

const ACCOUNT = /^kubernetes:core\/v\w+:ServiceAccount$/;

/** A pod that never calls the Kubernetes API carries no token for it, and a name of its own. */
export const serviceAccount = definePolicy({
  id: "POL-SERVICEACCOUNT",
  title: "Dedicated service account, token not automounted",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes"],
  controls: { nsa: ["C-0034"], cis: ["5.1.5", "5.1.6"] },
  requirements: ["EB-SEC-24", "EB-SEC-34", "AR-SEC-11"],
  remediation: "Give the service an account of its own and set automountServiceAccountToken: false.",
  check(check, resource) {
    const pod = podOf(resource);
    if (pod) {
      // The deprecated alias names the account when the field itself is absent.
      const named = pod.spec.get("serviceAccountName");
      const alias = pod.spec.get("serviceAccount");
      const account = named.absent && !alias.absent ? alias : named;
      check.expect(account, (value) => typeof value === "string" && value !== "" && value !== "default", {
        expected: "the name of an account other than default",
      });
    }
    const mounting = pod
      ? pod.spec
      : kubernetesKind(resource, "core") === "ServiceAccount"
        ? resource.properties
        : undefined;
    if (mounting) {
      check.expect(mounting.get("automountServiceAccountToken"), (value) => value === false, { expected: "false" });
    }
  },
  // Which account a pod has of its own, only its author knows.
  remediate(draft) {
    const pod = podDraft(draft);
    if (pod && !pod.unknown) {
      pod.get("automountServiceAccountToken").set(false);
    }
    if (ACCOUNT.test(draft.type)) {
      draft.get("automountServiceAccountToken").set(false);
    }
  },
});
