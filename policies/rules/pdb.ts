import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { copiesOf, ECS_SERVICE, isMultiple, replicatedOf, type Copies } from "../workloads/copies.ts";
import { kubernetesKind } from "../workloads/kubernetes.ts";
import { selectorMatches } from "../workloads/selectors.ts";
import { namespaceOf } from "../workloads/services.ts";

/** Whoever empties a machine asks first how many copies may be missing. */
export const pdb = definePolicy({
  id: "POL-PDB",
  title: "Disruption budget for each multi-replica workload",
  severity: "low",
  level: "advisory",
  targets: ["kubernetes"],
  controls: { soc2: ["A1.2"] },
  requirements: ["AR-SEC-35"],
  remediation: "Add a PodDisruptionBudget with maxUnavailable 1 that selects the pods of the workload.",
  checkStack(stack) {
    const budgets = stack.resources.filter((one) => kubernetesKind(one, "policy") === "PodDisruptionBudget");
    for (const workload of replicatedOf(stack).filter(({ type }) => type !== ECS_SERVICE)) {
      const copies = copiesOf(stack, workload);
      if (isMultiple(stack.check(copies.resource), copies)) {
        checkWorkload(stack, workload, copies, budgets);
      }
    }
  },
});

function checkWorkload(stack: Stack, workload: StackResource, copies: Copies, budgets: readonly StackResource[]): void {
  const labels = workload.properties.get("spec", "template", "metadata", "labels");
  const near = budgets.filter((budget) => namespaceOf(budget) === namespaceOf(workload));
  const picks = near.map((budget) => picksPods(stack.check(budget), budget, labels));
  if (picks.every((pick) => pick === false) && stack.check(workload).known(labels)) {
    stack.check(workload).object(labels, {
      found: `${copies.count} copies without a disruption budget`,
      expected: "a PodDisruptionBudget that selects these labels",
    });
  }
  for (const budget of near.filter((_, index) => picks[index])) {
    checkBudget(stack.check(budget), budget, copies.count ?? 0);
  }
}

/** Unlike an empty selector, an absent one selects nothing. */
function picksPods(check: Check, { properties }: StackResource, labels: Field): boolean | undefined {
  const selector = properties.get("spec", "selector");
  const picks = selector.absent ? false : selectorMatches(selector, labels);
  for (const part of picks === undefined ? ["matchLabels", "matchExpressions"] : []) {
    check.known(selector.get(part));
  }
  return picks;
}

/** A budget that allows nothing keeps machines from ever being emptied; one that allows everything is none. */
function checkBudget(check: Check, { properties }: StackResource, copies: number): void {
  const limits = ["maxUnavailable", "minAvailable"].map((key) => properties.get("spec", key));
  if (limits.every(({ absent }) => absent)) {
    check.object(properties.get("spec"), { found: "a budget without a limit", expected: "maxUnavailable: 1" });
  }
  for (const limit of limits) {
    check.expect(limit, (value) => value === undefined || isBetween(amount(value, copies), 1, copies - 1), {
      expected: `between 1 and ${copies - 1} of ${copies} copies`,
    });
  }
}

function isBetween(value: number, from: number, to: number): boolean {
  return value >= from && value <= to;
}

/** A number, or a share of the copies, which Kubernetes rounds up. */
function amount(value: unknown, copies: number): number {
  const share = /^(\d+)%$/.exec(textOf(value))?.[1];
  return share === undefined ? Number(value) : Math.ceil((Number(share) * copies) / 100);
}
