import { ServiceAccount } from "@pulumi/kubernetes/core/v1/serviceAccount.js";
import type { CustomResourceOptions } from "@pulumi/pulumi";

import type { Labels } from "./labels.ts";

/**
 * The account of one workload. It has no role and no token, so that a broken-in pod can ask the Kubernetes API nothing;
 * nothing in this target needs to, since Prometheus finds its targets by DNS.
 */
export function workloadAccount(
  name: string,
  { workload, namespace, labels }: { workload: string; namespace: string; labels: Labels },
  opts: CustomResourceOptions,
): ServiceAccount {
  return new ServiceAccount(
    `${name}-account`,
    { metadata: { name: workload, namespace, labels }, automountServiceAccountToken: false },
    opts,
  );
}
