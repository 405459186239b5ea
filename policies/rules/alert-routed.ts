import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { allRoutes, deliveriesOf, routingsOf, type Routing } from "../workloads/alertmanager.ts";
import { alertsOf, COMPOSITE_ALARM, METRIC_ALARM } from "../workloads/alerts.ts";
import type { BySystem } from "../workloads/by-system.ts";
import { documentsWith } from "../workloads/documents.ts";
import { valueIn } from "../workloads/stack-systems.ts";

interface Parameters {
  waits: BySystem<Readonly<Record<string, number>>>;
  integrations: BySystem<readonly string[]>;
}

const TOPIC = "aws:sns/topic:Topic";
const SUBSCRIPTION = "aws:sns/topicSubscription:TopicSubscription";
const ANY = "any";

/** An alert that nobody gets is none. */
export const alertRouted = definePolicy<Parameters>({
  id: "POL-ALERT-ROUTED",
  title: "Alerts reach a person",
  severity: "high",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { fsbp: ["CloudWatch.15", "CloudWatch.17"], soc2: ["CC7.3"] },
  requirements: ["WS-SEC-23", "WS-SEC-32", "EB-SEC-43", "AR-SEC-06", "CC-SEC-20", "RB-SEC-06"],
  remediation: "Name who is told: recipients of the topics of alarms, receivers of Alertmanager.",
  parameters: {
    waits: {
      type: "object",
      description: "Seconds that an alert of a severity may wait in Alertmanager, by system.",
      default: { worldstore: { critical: 60, warning: 3600 } },
    },
    integrations: {
      type: "object",
      description:
        "By what a person is told, by system: words of which a receiver's settings or a subscription's endpoint has one; \"any\" for whatever, none where Alertmanager's own page will do.",
      default: { worldstore: [], "ecommerce-bot": ["pagerduty"], default: [ANY] },
    },
  },
  check(check, { type, properties }) {
    if (type === METRIC_ALARM || type === COMPOSITE_ALARM) {
      const actions = properties.get("alarmActions");
      check.expect(actions, (value) => Array.isArray(value) && value.length > 0, {
        expected: "a topic or another action",
        fix: "Set alarmActions to the ARN of a topic with recipients.",
      });
      check.expect(properties.get("actionsEnabled"), (value) => value !== false, {
        expected: "true",
        fix: "Set actionsEnabled: true.",
      });
    }
  },
  checkStack(stack, { waits, integrations }) {
    checkTopics(stack, integrations);
    checkRules(stack);
    for (const routing of routingsOf(stack)) {
      const wanted = valueIn(integrations, stack, routing.resource) ?? [];
      checkReceivers(stack.check(routing.resource), routing, wanted);
      const limits = valueIn(waits, stack, routing.resource) ?? {};
      checkWaits(stack.check(routing.resource), routing.route, limits);
    }
  },
  remediate(draft) {
    const enabled = draft.get("actionsEnabled");
    if ([METRIC_ALARM, COMPOSITE_ALARM].includes(draft.type) && enabled.value === false) {
      enabled.set(true);
    }
  },
});

/** Every topic that alarms of the stack use has someone who reads it. */
function checkTopics(stack: Stack, integrations: Parameters["integrations"]): void {
  const alarms = stack.resources.filter(({ type }) => type === METRIC_ALARM || type === COMPOSITE_ALARM);
  const subscriptions = stack.resources.filter(({ type }) => type === SUBSCRIPTION);
  for (const topic of stack.resources.filter(({ type }) => type === TOPIC)) {
    const used = alarms.some((alarm) => names(alarm, "alarmActions", topic) === true);
    const readers = subscriptions.filter((subscription) => names(subscription, "topic", topic) !== false);
    if (used && readers.length === 0) {
      stack.check(topic).object(topic.properties, {
        found: "a topic of alarms without a subscription",
        expected: "a subscription of a person or a pager",
      });
    }
    const wanted = (valueIn(integrations, stack, topic) ?? []).filter((word) => word !== ANY);
    const endpoints = readers.map((reader) => ({ reader, field: reader.properties.get("endpoint") }));
    const open = endpoints.filter(({ reader, field }) => !stack.check(reader).known(field));
    const reaches = endpoints.some(({ field }) => mentions(textOf(field.value), wanted));
    if (used && wanted.length > 0 && readers.length > 0 && open.length === 0 && !reaches) {
      stack.check(topic).object(topic.properties, {
        found: "no subscription that reaches it",
        expected: `a subscription of ${wanted.join(" or ")}`,
      });
    }
  }
}

/** Whether a property names a topic, by its ARN or by what the engine says; undefined while it is not known. */
function names(
  { properties, propertyDependencies }: StackResource,
  property: string,
  topic: StackResource,
): boolean | undefined {
  const field = properties.get(property);
  const own = ["arn", "name"].map((key) => textOf(topic.properties.get(key).value)).filter((name) => name !== "");
  const values = field.value === undefined ? [] : Array.isArray(field.value) ? field.items() : [field];
  const texts = values.map(({ value }) => textOf(value));
  if (own.some((name) => texts.some((text) => text === name || text.endsWith(`:${name}`)))) {
    return true;
  }
  if ((propertyDependencies[property] ?? []).includes(topic.urn)) {
    return true;
  }
  const open = field.unknown || values.some((value) => value.unknown);
  return open && (propertyDependencies[property] ?? []).length === 0 ? undefined : false;
}

/** Rules need a severity, by which they are routed, and a Prometheus that knows an Alertmanager. */
function checkRules(stack: Stack): void {
  for (const { resource, field } of alertsOf(stack).filter(({ kind }) => kind === "prometheus")) {
    stack.check(resource).expect(field.get("labels", "severity"), (value) => textOf(value) !== "", {
      expected: "a severity, which decides who is told how soon",
    });
  }
  for (const { resource, root } of documentsWith(stack, "rule_files")) {
    const managers = root.get("alerting", "alertmanagers");
    stack.check(resource).expect(managers, (value) => Array.isArray(value) && value.length > 0, {
      expected: "an Alertmanager that gets the alerts",
    });
  }
}

function checkReceivers(check: Check, { route, receivers }: Routing, wanted: readonly string[]): void {
  const known = new Map(check.items(receivers).map((field) => [textOf(field.get("name").value), field]));
  check.expect(route.get("receiver"), (value) => textOf(value) !== "", { expected: "the name of a receiver" });
  const used = allRoutes(check, route)
    .map((inner) => inner.get("receiver"))
    .filter((field) => !field.absent && check.known(field));
  for (const place of used) {
    const receiver = known.get(textOf(place.value));
    if (receiver === undefined) {
      check.object(place, { expected: `one of the receivers ${[...known.keys()].join(", ")}` });
    } else if (wanted.length > 0 && !tells(receiver, wanted)) {
      check.object(receiver, {
        found: "a receiver that tells nobody",
        expected: wanted.includes(ANY) ? "a way to tell someone, such as email_configs" : wanted.join(" or "),
      });
    }
  }
}

/** Whether a receiver has settings of one of the wanted kinds: `pagerduty_configs`, `pagerdutyConfigs`. */
function tells(receiver: Field, wanted: readonly string[]): boolean {
  return receiver
    .entries()
    .filter(([key, field]) => /_?configs$/i.test(key) && (field.unknown || field.items().length > 0))
    .some(([key]) => wanted.includes(ANY) || mentions(key, wanted));
}

function mentions(text: string, words: readonly string[]): boolean {
  return words.some((word) => text.toLowerCase().includes(word));
}

function checkWaits(check: Check, route: Field, limits: Readonly<Record<string, number>>): void {
  for (const [severity, limit] of Object.entries(limits)) {
    for (const { place, wait } of deliveriesOf(check, route, { severity })) {
      if (wait > limit) {
        check.object(place, {
          found: `up to ${wait} seconds before a ${severity} alert leaves`,
          expected: `group_wait and group_interval of at most ${limit} seconds`,
        });
      }
    }
  }
}
