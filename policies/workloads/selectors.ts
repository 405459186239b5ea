import { textOf, type Field } from "../frame/field.ts";

/** Whether a label selector picks a set of labels; an absent or empty one picks all, an unknown one is undecided. */
export function selectorMatches(selector: Field, labels: Field): boolean | undefined {
  const parts = [selector.get("matchLabels"), selector.get("matchExpressions"), labels];
  if (parts.some(({ unknown }) => unknown)) {
    return undefined;
  }
  const verdicts = [
    mapMatches(selector.get("matchLabels"), labels),
    ...selector
      .get("matchExpressions")
      .items()
      .map((expression) => expressionMatches(expression, labels)),
  ];
  return all(verdicts);
}

/** Whether every entry of a map of labels is among the labels: the selector of a Service. */
export function mapMatches(map: Field, labels: Field): boolean | undefined {
  if (map.unknown || labels.unknown) {
    return undefined;
  }
  return all(
    map.entries().map(([key, wanted]) => {
      const label = labels.get(key);
      return wanted.unknown || label.unknown
        ? undefined
        : !label.absent && textOf(label.value) === textOf(wanted.value);
    }),
  );
}

function expressionMatches(expression: Field, labels: Field): boolean | undefined {
  const label = labels.get(textOf(expression.get("key").value));
  if (expression.unknown || label.unknown || expression.get("values").unknown) {
    return undefined;
  }
  const among = expression
    .get("values")
    .items()
    .some(({ value }) => textOf(value) === textOf(label.value));
  switch (expression.get("operator").value) {
    case "In":
      return !label.absent && among;
    case "NotIn":
      return label.absent || !among;
    case "Exists":
      return !label.absent;
    case "DoesNotExist":
      return label.absent;
    default:
      return undefined;
  }
}

function all(verdicts: readonly (boolean | undefined)[]): boolean | undefined {
  if (verdicts.includes(false)) {
    return false;
  }
  return verdicts.includes(undefined) ? undefined : true;
}
