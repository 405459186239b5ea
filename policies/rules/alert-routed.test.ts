import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { remediated } from "../testing/in-process.ts";
import { alarm, file, rule, rules } from "../testing/monitoring.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { alertRouted } from "./alert-routed.ts";

type Json = Record<string, unknown>;

const POLICY = "alert-routed";
const stack = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const ARN = "arn:aws:sns:eu-central-1:111122223333:critical";
const topic = (properties: Json = {}): TestResource => ({
  type: "aws:sns/topic:Topic",
  name: "topic",
  properties: { name: "critical", ...properties },
});
const reader = (properties: Json = {}, propertyDependencies = {}): TestResource => ({
  type: "aws:sns/topicSubscription:TopicSubscription",
  name: "reader",
  properties: { topic: ARN, endpoint: "pager@shop.example", ...properties },
  propertyDependencies,
});
const UNREAD = ["mandatory the resource itself: a topic of alarms without a subscription"];

describe("POL-ALERT-ROUTED (WS-SEC-23, WS-SEC-32, EB-SEC-43, AR-SEC-06, CC-SEC-20, RB-SEC-06)", () => {
  describe("on AWS", () => {
    const lone = (overrides: Json) => verdict(POLICY, alarm("WS-ALR-05", overrides));

    it("demands actions that are on, of alarms of both kinds", async () => {
      assert.deepEqual(await lone({}), []);
      assert.deepEqual(await lone({ actionsEnabled: true }), []);
      assert.deepEqual(await lone({ alarmActions: undefined }), ["mandatory alarmActions: nothing"]);
      assert.deepEqual(await lone({ alarmActions: [] }), ["mandatory alarmActions: []"]);
      assert.deepEqual(await lone({ actionsEnabled: false }), ["mandatory actionsEnabled: false"]);
      assert.deepEqual(await lone({ actionsEnabled: UNKNOWN, alarmActions: UNKNOWN }), [
        "advisory not evaluated: alarmActions",
        "advisory not evaluated: actionsEnabled",
      ]);
      const composite = { type: "aws:cloudwatch/compositeAlarm:CompositeAlarm", properties: {} };
      assert.deepEqual(await verdict(POLICY, composite), ["mandatory alarmActions: nothing"]);
    });

    it("demands that someone reads a topic that alarms use", async () => {
      assert.deepEqual(await stack(alarm("x"), topic(), reader()), []);
      assert.deepEqual(await stack(alarm("x"), topic()), UNREAD);
      assert.deepEqual(await stack(alarm("x"), topic(), reader({ topic: `${ARN}-other` })), UNREAD);
      assert.deepEqual(await stack(topic()), []);
      assert.deepEqual(await stack(alarm("x", { alarmActions: ["arn:other"] }), topic()), []);
      assert.deepEqual(await stack(alarm("x", { alarmActions: ["critical"] }), topic({ name: "ical" })), []);
      assert.deepEqual(await stack(alarm("x"), topic({ name: undefined, arn: ARN })), UNREAD);
    });

    it("follows what the engine says about values that are not known yet", async () => {
      const unnamed = topic({ name: undefined });
      const on = { alarmActions: [urnOf(unnamed)] };
      const open = { ...alarm("x", { alarmActions: [UNKNOWN] }), propertyDependencies: on };
      assert.deepEqual(await stack(open, unnamed), UNREAD);
      const second: TestResource = { ...topic({ name: undefined }), name: "second" };
      const elsewhere = { topic: [urnOf(second)] };
      assert.deepEqual(await stack(open, unnamed, second, reader({ topic: UNKNOWN }, elsewhere)), UNREAD);
      assert.deepEqual(await stack(open, unnamed, reader({ topic: UNKNOWN }, { topic: [urnOf(unnamed)] })), []);
      assert.deepEqual(await stack(open, unnamed, reader({ topic: UNKNOWN })), []);
    });

    it("demands PagerDuty of ecommerce-bot", async () => {
      const tags = { system: "ecommerce-bot" };
      const pager = reader({ endpoint: "https://events.pagerduty.com/integration/0/enqueue" });
      assert.deepEqual(await stack(alarm("x"), topic({ tags }), pager), []);
      assert.deepEqual(await stack(alarm("x"), topic({ tags }), { ...pager, name: "a" }, reader()), []);
      assert.deepEqual(await stack(alarm("x"), topic({ tags }), reader()), [
        "mandatory the resource itself: no subscription that reaches it",
      ]);
      assert.deepEqual(await stack(alarm("x"), topic({ tags }), reader({ endpoint: UNKNOWN })), [
        "advisory not evaluated: endpoint",
      ]);
      assert.deepEqual(await stack(topic({ tags }), reader()), []);
    });
  });

  describe("with Alertmanager", () => {
    const at = (path: string, found: string) => `mandatory data["alertmanager.yml"].${path}: ${found}`;
    const tells = { email_configs: [{ to: "a@shop.example" }] };
    const settings = (route: Json, receivers: unknown = [{ name: "a", ...tells }], system = "shop") =>
      stack(file("alertmanager.yml", { route, receivers }, system));
    const ws = (route: Json) => settings({ receiver: "a", ...route }, [{ name: "a" }], "worldstore");
    const fast = { group_wait: "0s", group_interval: "1m" };
    const late = (path: string, wait: number, severity = "critical") =>
      at(path, `up to ${wait} seconds before a ${severity} alert leaves`);

    it("demands receivers that are there, of every route", async () => {
      assert.deepEqual(await settings({ receiver: "a", routes: [{ receiver: "a" }, {}] }), []);
      assert.deepEqual(await settings({}), [at("route.receiver", "nothing")]);
      assert.deepEqual(await settings({ receiver: "b" }), [at("route.receiver", '"b"')]);
      assert.deepEqual(await settings({ receiver: "a", routes: [{ routes: [{ receiver: "b" }] }] }), [
        at("route.routes[0].routes[0].receiver", '"b"'),
      ]);
      assert.deepEqual(await settings({ receiver: "a" }, undefined), []);
    });

    it("demands that a receiver tells someone: anyone, PagerDuty of ecommerce-bot, no one of worldstore", async () => {
      const silent = at("receivers[0]", "a receiver that tells nobody");
      assert.deepEqual(await settings({ receiver: "a" }, [{ name: "a" }]), [silent]);
      assert.deepEqual(await settings({ receiver: "a" }, [{ name: "a", email_configs: [] }]), [silent]);
      assert.deepEqual(await settings({ receiver: "a" }, [{ name: "a", other: [1] }]), [silent]);
      assert.deepEqual(await settings({ receiver: "a" }, [{ name: "a", ...tells }, { name: "unused" }]), []);
      const pager = { name: "a", pagerduty_configs: [{}] };
      assert.deepEqual(await settings({ receiver: "a" }, [pager], "ecommerce-bot"), []);
      assert.deepEqual(await settings({ receiver: "a" }, [{ name: "a", ...tells }], "ecommerce-bot"), [silent]);
      assert.deepEqual(await ws(fast), []);
    });

    it("demands of worldstore that critical alerts leave within a minute, warnings within the hour", async () => {
      assert.deepEqual(await ws({ group_wait: "60s", group_interval: "60s" }), []);
      assert.deepEqual(await ws({ group_wait: "61s", group_interval: "1s" }), [late("route", 61)]);
      assert.deepEqual(await ws({ group_wait: "1s", group_interval: "61s" }), [late("route", 61)]);
      assert.deepEqual(await ws({ group_wait: "1s" }), [late("route", 300)]);
      assert.deepEqual(await ws({ group_interval: "1s" }), []);
      assert.deepEqual(await ws({ group_interval: "1h1s" }), [late("route", 3601), late("route", 3601, "warning")]);
      assert.deepEqual(await settings({ receiver: "a", group_wait: "2h" }), []);
    });

    it("follows the route that an alert takes", async () => {
      const slow = { group_wait: "10m", group_interval: "30m" };
      const critical: [string, Json][] = [
        ["text", { matchers: ['severity="critical"'] }],
        ["bare text", { matchers: ["severity = critical"] }],
        ["pattern", { matchers: ['severity=~"crit.*"'] }],
        ["not", { matchers: ['severity!="warning"'] }],
        ["not pattern", { matchers: ['severity!~"warn.*"'] }],
        ["object", { matchers: [{ name: "severity", matchType: "=", value: "critical" }] }],
        ["object by default", { matchers: [{ name: "severity", value: "critical" }] }],
        ["map", { match: { severity: "critical" } }],
        ["patterns", { match_re: { severity: "critical|fatal" } }],
        ["several", { matchers: ['severity="critical"', 'other=""'] }],
      ];
      for (const [title, matcher] of critical) {
        assert.deepEqual(await ws({ ...slow, routes: [{ ...matcher, ...fast }] }), [], title);
      }
      const missed = [
        { matchers: ['severity="crit"'] },
        { matchers: ['severity=~"crit"'] },
        { matchers: ['severity=~"("'] },
        { match: { severity: "fatal" } },
        { match_re: { severity: "crit" } },
        { matchers: ['severity="critical"', 'team="a"'] },
      ];
      for (const matcher of missed) {
        const found = await ws({ ...slow, routes: [{ ...matcher, ...fast }] });
        assert.deepEqual(found, [late("route", 1800)], JSON.stringify(matcher));
      }
    });

    it("stops at the first route that fits, unless it says go on, and inherits what a route does not say", async () => {
      const slow = { group_wait: "10m", group_interval: "10m" };
      assert.deepEqual(await ws({ routes: [{ ...fast }, { ...slow }] }), []);
      assert.deepEqual(await ws({ routes: [{ ...fast, continue: true }, { ...slow }] }), [
        late("route.routes[1]", 600),
      ]);
      assert.deepEqual(await ws({ ...slow, routes: [{ group_wait: "0s" }] }), [late("route.routes[0]", 600)]);
      assert.deepEqual(await ws({ ...fast, routes: [{ routes: [{}] }] }), []);
    });

    it("reads AlertmanagerConfigs", async () => {
      const object = (spec: Json): TestResource => ({
        type: "kubernetes:monitoring.coreos.com/v1alpha1:AlertmanagerConfig",
        name: "config",
        properties: { metadata: { labels: { "app.kubernetes.io/part-of": "ecommerce-bot" } }, spec },
      });
      const route = { receiver: "a", groupWait: "2h", groupInterval: "2h" };
      assert.deepEqual(await stack(object({ route, receivers: [{ name: "a", pagerdutyConfigs: [{}] }] })), []);
      assert.deepEqual(await stack(object({ route: { receiver: "b" }, receivers: [] })), [
        'mandatory spec.route.receiver: "b"',
      ]);
    });

    it("demands a severity of rules, and an Alertmanager of a Prometheus that has rules", async () => {
      assert.deepEqual(await stack(rules("shop", rule("x"))), []);
      assert.deepEqual(await stack(rules("shop", rule("x", { labels: {} }))), [
        'mandatory data["alerts.yml"].groups[0].rules[0].labels.severity: nothing',
      ]);
      const prometheus = (alerting: unknown) => stack(file("prometheus.yml", { rule_files: ["a.yml"], alerting }));
      assert.deepEqual(await prometheus({ alertmanagers: [{ static_configs: [] }] }), []);
      assert.deepEqual(await prometheus({ alertmanagers: [] }), [
        'mandatory data["prometheus.yml"].alerting.alertmanagers: []',
      ]);
      assert.deepEqual(await prometheus(undefined), [
        'mandatory data["prometheus.yml"].alerting.alertmanagers: nothing',
      ]);
    });

    it("reports files that are not known yet, and leaves other files alone", async () => {
      const open = 'advisory not evaluated: data["alertmanager.yml"]';
      assert.deepEqual(await stack(file("alertmanager.yml", UNKNOWN)), [open]);
      assert.deepEqual(await stack(file("collector.yml", { receivers: { otlp: {} } })), []);
    });
  });

  it("turns actions on again as a remediation, and nothing else", () => {
    const after = (overrides: Json) => remediated(alertRouted, alarm("x", overrides)).properties["actionsEnabled"];
    assert.equal(after({ actionsEnabled: false }), true);
    assert.equal(after({}), undefined);
    assert.equal(after({ actionsEnabled: UNKNOWN }), UNKNOWN);
    const other = { type: "aws:sns/topic:Topic", properties: { actionsEnabled: false } };
    assert.deepEqual(remediated(alertRouted, other), other);
  });
});
