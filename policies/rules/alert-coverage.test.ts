import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { alarm, app, ecs, file, rule, rules } from "../testing/monitoring.ts";
import { stackVerdict } from "../testing/pack.ts";
import { examples } from "./alert-coverage.examples.ts";
import { alertCoverage } from "./alert-coverage.ts";

const judge = (...resources: Parameters<typeof stackVerdict>[1]) => stackVerdict("alert-coverage", resources);
const IDS = ["EB-ALR-01", "EB-ALR-02", "EB-ALR-03"];
const SYSTEM = "ecommerce-bot";
const lone = (overrides: Record<string, unknown>) => judge(rules("shop", rule("EB-ALR-01", overrides)));
const lonely = (overrides: Record<string, unknown>, id = "EB-ALR-01") => judge(alarm(id, overrides));
const missing = (id: string) => `mandatory the resource itself: no rule or alarm for ${id}`;
const FOR = 'mandatory data["alerts.yml"].groups[0].rules[0].for';
const EXPR = 'mandatory data["alerts.yml"].groups[0].rules[0].expr';

describe("POL-ALERT-COVERAGE (WS-SEC-11, WS-SEC-21, WS-SEC-23, WS-SEC-32, WS-SEC-46, EB-SEC-43, AR-SEC-06, CC-SEC-20, CC-SEC-36, RB-SEC-06, RB-SEC-32, RB-SEC-37)", () => {
  it("knows every alert of the five systems", () => {
    const table = alertCoverage.parameters["alerts"]?.default as Record<string, object>;
    const counts = Object.fromEntries(
      Object.entries(table).map(([system, alerts]) => [system, Object.keys(alerts).length]),
    );
    assert.deepEqual(counts, {
      worldstore: 13,
      "ecommerce-bot": 3,
      archesai: 3,
      ccl: 6,
      "retail-brain": 6,
    });
  });

  for (const [system, id, count] of [
    ["worldstore", "WS-ALR-", 13],
    ["ecommerce-bot", "EB-ALR-", 3],
    ["archesai", "AR-ALR-", 3],
    ["ccl", "CC-ALR-", 6],
    ["retail-brain", "RB-ALR-", 6],
  ] as const) {
    it(`demands every alert of ${system} where its workloads are, on both targets`, async () => {
      const all = Array.from({ length: count }, (_, index) => missing(`${id}${String(index + 1).padStart(2, "0")}`));
      assert.deepEqual(await judge(app(system)), all);
      assert.deepEqual(await judge(...ecs(system)), all);
    });
  }

  it("accepts and rejects the examples", async () => {
    for (const { resources, title } of examples.good) {
      assert.deepEqual(await judge(...resources), [], title);
    }
    for (const { resources, property, title } of examples.bad) {
      const found = await judge(...resources);
      assert.equal(found.length, 1, `${title}: ${found.join("; ")}`);
      assert.ok(found[0]?.startsWith(`mandatory ${property}: `), found[0]);
    }
  });

  it("takes rules of the cluster and alarms together, one missing alert at the file of the rules", async () => {
    const [first = "", second = "", third = ""] = IDS;
    assert.deepEqual(await judge(app(SYSTEM), rules(SYSTEM, rule(first), rule(second)), alarm(third)), []);
    assert.deepEqual(await judge(app(SYSTEM), rules(SYSTEM, rule(first), rule(second))), [missing(third)]);
    const object = {
      type: "kubernetes:monitoring.coreos.com/v1:PrometheusRule",
      name: "rules",
      properties: { spec: { groups: [{ rules: IDS.map((id) => rule(id)) }] } },
    };
    assert.deepEqual(await judge(app(SYSTEM), object), []);
    const described = { tags: undefined, alarmDescription: "Too slow (EB-ALR-02)" };
    assert.deepEqual(await judge(...ecs(SYSTEM), alarm(first), alarm("x", described), alarm(third)), []);
  });

  it("says nothing of systems that it does not know, of jobs, and of stacks without workloads", async () => {
    assert.deepEqual(await judge(app("shop")), []);
    assert.deepEqual(await judge(app(SYSTEM, {}, { kind: "Job" })), []);
    assert.deepEqual(await judge(alarm("EB-ALR-01")), []);
    const recording = { record: "errors:rate", expr: "rate(errors_total[5m])" };
    assert.deepEqual(await judge(rules("shop", recording)), []);
  });

  it("takes the system of services without a tag from the provider's default tags", async () => {
    const [task, service] = ecs(SYSTEM);
    assert.ok(task && service);
    const bare = { ...service, properties: { ...service.properties, tags: undefined } };
    const provider = (tags: unknown) => ({
      type: "pulumi:providers:aws",
      name: "aws",
      properties: { defaultTags: tags },
    });
    const named = JSON.stringify({ tags: { system: SYSTEM } });
    assert.deepEqual(await judge(task, bare), []);
    assert.deepEqual(await judge(provider(named), task, bare), IDS.map(missing));
    assert.deepEqual(await judge(provider({ tags: { system: SYSTEM } }), task, bare), IDS.map(missing));
    assert.deepEqual(await judge(provider("{"), task, bare), []);
    const other = { ...provider(JSON.stringify({ tags: { system: "worldstore" } })), name: "other" };
    assert.deepEqual(await judge(provider(named), other, task, bare), []);
  });

  it("demands a threshold: a comparison outside of labels, or that something is absent", async () => {
    for (const expr of ["up == 0", "a != 1", "a >= 1", "a < 1", "absent(up)", "absent_over_time(up[5m])"]) {
      assert.deepEqual(await lone({ expr }), [], expr);
    }
    assert.deepEqual(await lone({ expr: 'rate(up{job="a"}[5m])' }), [`${EXPR}: "rate(up{job=\\"a\\"}[5m])"`]);
    assert.deepEqual(await lone({ expr: undefined }), [`${EXPR}: nothing`]);
    assert.deepEqual(await lonely({ threshold: 0 }), []);
    assert.deepEqual(await lonely({ threshold: undefined, thresholdMetricId: "band" }), []);
    assert.deepEqual(await lonely({ threshold: undefined }), ["mandatory threshold: nothing"]);
  });

  it("demands the stated time, up to twice of it", async () => {
    const late = (found: number) => [`${FOR}: ${found} seconds`];
    assert.deepEqual(await lone({ for: "10m" }), []);
    assert.deepEqual(await lone({ for: "601s" }), late(601));
    assert.deepEqual(await lone({ for: undefined, expr: "sum(rate(errors_total[300s])) > 1" }), []);
    assert.deepEqual(await lone({ for: undefined, expr: "max_over_time(a[5m:1m]) > 1" }), []);
    assert.deepEqual(await lone({ for: "299s", expr: "a > 1" }), late(299));
    assert.deepEqual(await lone({ for: "4m59s", expr: "a > 1" }), late(299));
    assert.deepEqual(await lone({ for: "often", expr: "a > 1" }), late(0));
    assert.deepEqual(await judge(rules("shop", rule("WS-ALR-07", { for: undefined, expr: "a > 1" }))), []);
    assert.deepEqual(await lonely({ evaluationPeriods: 10 }), []);
    assert.deepEqual(await lonely({ evaluationPeriods: 4 }), ["mandatory evaluationPeriods: 240 seconds"]);
    assert.deepEqual(await lonely({ evaluationPeriods: 11 }), ["mandatory evaluationPeriods: 660 seconds"]);
    const metricQueries = [{ id: "result" }, { metric: { period: 300 } }, { metric: { period: 60 } }];
    assert.deepEqual(await lonely({ period: undefined, evaluationPeriods: 1, metricQueries }), []);
  });

  it("demands a period and how many of them are looked at", async () => {
    assert.deepEqual(await lonely({ period: undefined }, "WS-ALR-07"), ["mandatory evaluationPeriods: 5"]);
    assert.deepEqual(await lonely({ evaluationPeriods: undefined }, "WS-ALR-07"), [
      "mandatory evaluationPeriods: nothing",
    ]);
  });

  it("knows alarms that are made of alarms", async () => {
    const composite = (alarmRule: unknown) => ({
      type: "aws:cloudwatch/compositeAlarm:CompositeAlarm",
      name: "down",
      properties: { alarmRule, tags: { requirement: "EB-ALR-03" } },
    });
    const others = [...ecs(SYSTEM), alarm("EB-ALR-01"), alarm("EB-ALR-02")];
    assert.deepEqual(await judge(...others, composite('ALARM("a") OR ALARM("b")')), []);
    assert.deepEqual(await judge(composite("FALSE")), ['mandatory alarmRule: "FALSE"']);
    assert.deepEqual(await judge(composite(UNKNOWN)), ["advisory not evaluated: alarmRule"]);
  });

  it("misses nothing while something is not known yet", async () => {
    assert.deepEqual(await judge(app(SYSTEM), file("alerts.yml", UNKNOWN, SYSTEM)), [
      'advisory not evaluated: data["alerts.yml"]',
    ]);
    const map = { ...file("a", ""), properties: { data: UNKNOWN } };
    assert.deepEqual(await judge(app(SYSTEM), map), ["advisory not evaluated: data"]);
    assert.equal((await judge(app(SYSTEM), file("ca.crt", UNKNOWN))).length, 3);
    assert.deepEqual(await judge(app(SYSTEM), alarm("x", { tags: UNKNOWN })), ["advisory not evaluated: tags"]);
    assert.deepEqual(await lonely({ threshold: UNKNOWN }), ["advisory not evaluated: threshold"]);
    assert.deepEqual(await lonely({ period: UNKNOWN, evaluationPeriods: UNKNOWN }), [
      "advisory not evaluated: evaluationPeriods",
      "advisory not evaluated: period",
    ]);
    assert.deepEqual(await lone({ for: UNKNOWN }), [
      'advisory not evaluated: data["alerts.yml"].groups[0].rules[0].for',
    ]);
  });

  it("is quiet about files that are no rules or cannot be read", async () => {
    assert.deepEqual(await judge(file("alerts.yml", "groups: [\n")), []);
    assert.deepEqual(await judge(file("other.yml", "groups: some\n")), []);
    assert.equal((await judge(app(SYSTEM), file("alerts.yml", "groups: [\n", SYSTEM))).length, 3);
  });
});
