import type { V1LabelSelector } from "@kubernetes/client-node";

/** The labels of a pod or a namespace. */
export type Labels = Readonly<Record<string, string>>;

/** Whether a label selector chooses these labels; an empty one chooses everything. */
export function selects(selector: V1LabelSelector, labels: Labels): boolean {
  const equal = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => labels[key] === value);
  return equal && (selector.matchExpressions ?? []).every((expression) => holds(expression, labels));
}

function holds(
  { key, operator, values = [] }: { key: string; operator: string; values?: string[] },
  labels: Labels,
): boolean {
  const value = labels[key];
  switch (operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      throw new Error(`a label selector has no operator ${operator}`);
  }
}
