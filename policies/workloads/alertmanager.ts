import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { seconds } from "./alerts.ts";
import { documentsWith } from "./documents.ts";
import { kubernetesKind } from "./kubernetes.ts";

/** The settings of an Alertmanager. */
export interface Routing {
  resource: StackResource;
  route: Field;
  receivers: Field;
}

/** Where the first matching route of an alert sends it, and the seconds that it may wait there. */
export interface Delivery {
  /** The place that names the receiver. */
  receiver: Field;
  place: Field;
  wait: number;
}

/** What Alertmanager waits when its settings do not say. */
const DEFAULT_WAITS = { group_wait: 30, group_interval: 300 } as const;

/** The Alertmanagers of a stack: their settings in ConfigMaps, and AlertmanagerConfigs. */
export function routingsOf(stack: Stack): Routing[] {
  const files = documentsWith(stack, "receivers").map(({ resource, root }) => ({ resource, root }));
  const objects = stack.resources
    .filter((resource) => kubernetesKind(resource, "monitoring.coreos.com") === "AlertmanagerConfig")
    .map((resource) => ({ resource, root: resource.properties.get("spec") }));
  return [...files, ...objects]
    .filter(({ root }) => !root.get("route").absent)
    .map(({ resource, root }) => ({ resource, route: root.get("route"), receivers: root.get("receivers") }));
}

/** All routes, outer ones first. */
export function allRoutes(check: Check, route: Field): Field[] {
  return [route, ...check.items(route.get("routes")).flatMap((inner) => allRoutes(check, inner))];
}

/** Where alerts with these labels go. */
export function deliveriesOf(check: Check, route: Field, labels: Readonly<Record<string, string>>): Delivery[] {
  return deliver(check, route, labels, { receiver: route.get("receiver"), waits: DEFAULT_WAITS });
}

interface Inherited {
  receiver: Field;
  waits: Readonly<Record<keyof typeof DEFAULT_WAITS, number>>;
}

function deliver(check: Check, route: Field, labels: Readonly<Record<string, string>>, above: Inherited): Delivery[] {
  const own = route.get("receiver");
  const receiver = own.absent ? above.receiver : own;
  const waits = {
    group_wait: waitOf(route, ["group_wait", "groupWait"], above.waits.group_wait),
    group_interval: waitOf(route, ["group_interval", "groupInterval"], above.waits.group_interval),
  };
  const found: Delivery[] = [];
  for (const inner of check.items(route.get("routes")).filter((child) => matches(check, child, labels))) {
    found.push(...deliver(check, inner, labels, { receiver, waits }));
    if (inner.get("continue").value !== true) {
      break;
    }
  }
  const wait = Math.max(waits.group_wait, waits.group_interval);
  return found.length > 0 ? found : [{ receiver, place: route, wait }];
}

function waitOf(route: Field, names: readonly string[], inherited: number): number {
  const field = names.map((name) => route.get(name)).find((candidate) => !candidate.absent);
  return field === undefined ? inherited : seconds(textOf(field.value));
}

/** All matchers must fit: those of today as texts or objects, and the maps of former versions. */
function matches(check: Check, route: Field, labels: Readonly<Record<string, string>>): boolean {
  const texts = check.items(route.get("matchers")).map((matcher) => fits(matcher, labels));
  const equal = check.entries(route.get("match")).map(([name, { value }]) => (labels[name] ?? "") === textOf(value));
  const like = check
    .entries(route.get("match_re"))
    .map(([name, { value }]) => whole(textOf(value), labels[name] ?? ""));
  return [...texts, ...equal, ...like].every((fit) => fit);
}

function fits(matcher: Field, labels: Readonly<Record<string, string>>): boolean {
  const object = matcher.get("matchType");
  const [, name = "", operator = "", quoted = ""] =
    typeof matcher.value === "string"
      ? (/^\s*"?([\w.-]+)"?\s*(=~|!~|!=|=)\s*(.*?)\s*$/s.exec(matcher.value) ?? [])
      : ["", textOf(matcher.get("name").value), textOf(object.value) || "=", textOf(matcher.get("value").value)];
  const value = quoted.replace(/^"(.*)"$/s, "$1");
  const label = labels[name] ?? "";
  const same = operator.endsWith("~") ? whole(value, label) : label === value;
  return operator.startsWith("!") ? !same : same;
}

function whole(pattern: string, text: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`).test(text);
  } catch {
    return false;
  }
}
