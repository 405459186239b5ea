import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { namesOf } from "../workloads/components.ts";
import { ECS_SERVICE } from "../workloads/copies.ts";
import { podOf } from "../workloads/kubernetes.ts";

interface Parameters {
  allowed: string[];
}

const CLUSTER_DEFAULT = "aws:ecs/clusterCapacityProviders:ClusterCapacityProviders";

/** Labels of machines that can be taken away, by the clouds that set them. */
const SPOT_LABELS: Readonly<Record<string, RegExp>> = {
  "karpenter.sh/capacity-type": /^spot$/,
  "eks.amazonaws.com/capacityType": /^SPOT$/,
  "cloud.google.com/gke-spot": /^true$/,
  "cloud.google.com/gke-preemptible": /^true$/,
  "kubernetes.azure.com/scalesetpriority": /^spot$/,
};

const BATCH_KINDS = ["Job", "CronJob"];

/** What customers wait for does not run on machines that may be taken away within two minutes. */
export const spot = definePolicy<Parameters>({
  id: "POL-SPOT",
  title: "Only non-critical workloads on spot capacity",
  severity: "medium",
  level: "advisory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["A1.1"] },
  requirements: ["WS-CST-07"],
  remediation: "Run it on ordinary capacity, or, if it may be interrupted, add its component to allowed.",
  parameters: {
    allowed: {
      type: "array",
      items: { type: "string" },
      description: "Words of the names of components that may be interrupted.",
      default: ["workers", "jobs", "dashboards"],
    },
  },
  check(check, resource, { allowed }) {
    const pod = podOf(resource);
    if (mayBeInterrupted(resource, allowed) || BATCH_KINDS.includes(pod?.kind ?? "")) {
      return;
    }
    if (pod) {
      checkSelection(check, pod.spec);
    }
    if (resource.type === ECS_SERVICE) {
      checkStrategies(check, resource.properties.get("capacityProviderStrategies"));
    }
    if (resource.type === CLUSTER_DEFAULT) {
      checkStrategies(check, resource.properties.get("defaultCapacityProviderStrategies"));
    }
  },
});

/** `order-queue-worker` is one of the `workers`. */
function mayBeInterrupted(resource: Resource, allowed: readonly string[]): boolean {
  const words = namesOf(resource).flatMap((name) => name.toLowerCase().split(/[^a-z0-9]+/));
  return allowed.some((word) => words.includes(word) || words.some((one) => `${one}s` === word));
}

function checkStrategies(check: Check, strategies: Field): void {
  for (const strategy of check.items(strategies)) {
    check.expect(strategy.get("capacityProvider"), (value) => !textOf(value).toUpperCase().endsWith("_SPOT"), {
      expected: "capacity that stays, such as FARGATE",
    });
  }
}

function checkSelection(check: Check, spec: Field): void {
  for (const [label, value] of check.entries(spec.get("nodeSelector"))) {
    check.expect(value, (wanted) => !isSpot(label, wanted), { expected: "machines that stay" });
  }
  const affinity = spec.get("affinity", "nodeAffinity");
  const required = affinity.get("requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms");
  const preferred = affinity.get("preferredDuringSchedulingIgnoredDuringExecution");
  const terms = [...check.items(required), ...check.items(preferred).map((item) => item.get("preference"))];
  for (const expression of terms.flatMap((term) => check.items(term.get("matchExpressions")))) {
    if (expression.get("operator").value === "In") {
      for (const value of check.items(expression.get("values"))) {
        check.expect(value, (wanted) => !isSpot(textOf(expression.get("key").value), wanted), {
          expected: "machines that stay",
        });
      }
    }
  }
}

function isSpot(label: string, value: unknown): boolean {
  return Object.hasOwn(SPOT_LABELS, label) && (SPOT_LABELS[label]?.test(textOf(value)) ?? false);
}
