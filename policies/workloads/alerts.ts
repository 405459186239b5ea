import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { documentsWith } from "./documents.ts";
import { kubernetesKind } from "./kubernetes.ts";

export const METRIC_ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
export const COMPOSITE_ALARM = "aws:cloudwatch/compositeAlarm:CompositeAlarm";

const ALERT_ID = /\b[A-Z]{2}-ALR-\d{2}\b/g;
const UNITS: Readonly<Record<string, number>> = {
  ms: 0.001,
  s: 1,
  m: 60,
  h: 3600,
  d: 86_400,
  w: 604_800,
  y: 31_536_000,
};

/** A rule of Prometheus or an alarm of CloudWatch. */
export interface Alert {
  kind: "prometheus" | "metric" | "composite";
  resource: StackResource;
  /** The rule, or the properties of the alarm. */
  field: Field;
}

/** The alerts of a stack: rules in ConfigMaps and PrometheusRules, alarms. */
export function alertsOf(stack: Stack): Alert[] {
  const files = documentsWith(stack, "groups").map(({ resource, root }) => ({ resource, groups: root.get("groups") }));
  const objects = stack.resources
    .filter((resource) => kubernetesKind(resource, "monitoring.coreos.com") === "PrometheusRule")
    .map((resource) => ({ resource, groups: resource.properties.get("spec", "groups") }));
  const rules = [...files, ...objects].flatMap(({ resource, groups }) => {
    const fields = stack
      .check(resource)
      .items(groups)
      .flatMap((group) => stack.check(resource).items(group.get("rules")));
    return fields
      .filter((field) => !field.get("alert").absent)
      .map((field): Alert => ({ kind: "prometheus", resource, field }));
  });
  const alarms = stack.resources.flatMap((resource): Alert[] => {
    const kind =
      resource.type === METRIC_ALARM ? "metric" : resource.type === COMPOSITE_ALARM ? "composite" : undefined;
    return kind === undefined ? [] : [{ kind, resource, field: resource.properties }];
  });
  return [...rules, ...alarms];
}

/** Where an alert names the requirements that it answers for. */
export function requirementFields({ kind, field }: Alert): Field[] {
  return kind === "prometheus"
    ? [field.get("labels", "requirement"), field.get("annotations", "requirement")]
    : [field.get("tags", "requirement"), field.get("alarmDescription")];
}

/** The ids that an alert names, such as WS-ALR-05. */
export function requirementsOf(alert: Alert): string[] {
  return requirementFields(alert).flatMap(({ value }) => textOf(value).match(ALERT_ID) ?? []);
}

/** Where an alert says from where on it alerts. */
export function thresholdOf({ kind, field }: Alert): Field {
  if (kind === "metric") {
    const band = field.get("thresholdMetricId");
    return field.get("threshold").absent && !band.absent ? band : field.get("threshold");
  }
  return field.get(kind === "prometheus" ? "expr" : "alarmRule");
}

/** Whether a value of the place is a threshold: a number, or an expression that compares or that refers to an alarm. */
export function isThreshold({ kind }: Alert, value: unknown): boolean {
  const text = textOf(value);
  if (kind === "metric") {
    return text !== "";
  }
  return kind === "prometheus"
    ? /[<>]|[!=]=|\babsent(?:_over_time)?\(/.test(withoutLabels(text))
    : /\bALARM\(/.test(text);
}

/** Where an alert says how long something must hold, and the seconds: zero at once, undefined while it is not known. */
export function durationOf(check: Check, { kind, field }: Alert): { place: Field; seconds: number | undefined } {
  if (kind === "prometheus") {
    const [place, expression] = [field.get("for"), field.get("expr")];
    const windows = [...textOf(expression.value).matchAll(/\[(\w+)(?::\w*)?\]/g)].map(([, text = ""]) => seconds(text));
    const known = allKnown(check, [place, expression]);
    return { place, seconds: known ? Math.max(seconds(textOf(place.value)), ...windows) : undefined };
  }
  const [place, queries] = [field.get("evaluationPeriods"), field.get("metricQueries")];
  const periods = [field.get("period"), ...queries.items().map((query) => query.get("metric", "period"))];
  const known = allKnown(check, [place, queries, ...periods]);
  const longest = Math.max(...periods.map(({ value }) => Number(value ?? 0)));
  return { place, seconds: known ? longest * Number(place.value ?? 0) : undefined };
}

function allKnown(check: Check, fields: readonly Field[]): boolean {
  return fields.filter((field) => !check.known(field)).length === 0;
}

/** The seconds of a duration such as `300s` or `1h30m`; zero if it is none. */
export function seconds(text: string): number {
  if (!/^(?:\d+(?:ms|[smhdwy]))+$/.test(text)) {
    return 0;
  }
  const parts = [...text.matchAll(/(\d+)(ms|[smhdwy])/g)];
  return parts.reduce((sum, [, number, unit]) => sum + Number(number) * (UNITS[unit ?? ""] ?? 0), 0);
}

/** An expression without its label matchers, whose operators compare no values. */
function withoutLabels(expression: string): string {
  return expression.replaceAll(/\{[^{}]*\}/g, "");
}
