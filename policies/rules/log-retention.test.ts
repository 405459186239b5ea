import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { file } from "../testing/monitoring.ts";
import { remediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { logRetention } from "./log-retention.ts";

const POLICY = "log-retention";
const group = (properties: Record<string, unknown>) => ({
  type: "aws:cloudwatch/logGroup:LogGroup",
  properties: { kmsKeyId: "key", retentionInDays: 30, name: "/shop/prod/api", ...properties },
});
const judge = (properties: Record<string, unknown>, parameters = {}) =>
  verdict(POLICY, group(properties), { [POLICY]: { parameters } });
const days = (name: string | undefined, retentionInDays: unknown, more = {}) =>
  judge({ name, retentionInDays, ...more });
const wrong = (found: unknown) => [`mandatory retentionInDays: ${String(found)}`];

describe("POL-LOG-RETENTION (WS-SEC-31, EB-SEC-40, AR-SEC-04, CC-SEC-19, CC-SEC-34, RB-SEC-05)", () => {
  it("demands 30 days or more, or as many as the configuration says", async () => {
    assert.deepEqual(await days("/shop/prod/api", 30), []);
    assert.deepEqual(await days("/shop/prod/api", 3653), []);
    assert.deepEqual(await days("/shop/prod/api", 14), wrong(14));
    assert.deepEqual(await days(undefined, 14), wrong(14));
    assert.deepEqual(await judge({ retentionInDays: 14 }, { days: 14 }), []);
  });

  it("counts no retention and zero as for ever", async () => {
    assert.deepEqual(await days("/shop/prod/api", undefined), wrong("nothing"));
    assert.deepEqual(await days("/shop/prod/api", 0), wrong(0));
  });

  it("demands exactly the days of a level where the system states them", async () => {
    for (const [level, wanted] of Object.entries({ error: 30, warn: 14, info: 7, debug: 1 })) {
      assert.deepEqual(await days(`/worldstore/prod/${level}`, wanted), [], level);
      assert.deepEqual(await days(`/worldstore/prod/${level}`, 60), wrong(60), level);
    }
    assert.deepEqual(await days("/anything/debug", 1, { tags: { system: "worldstore" } }), []);
    assert.deepEqual(await days("/worldstore/debug", 1, { tags: { system: "shop" } }), wrong(1));
    assert.deepEqual(await days("/shop/prod/debug", 1), wrong(1));
    assert.deepEqual(await judge({ name: "/shop/debug", retentionInDays: 3 }, { levels: { shop: { debug: 3 } } }), []);
  });

  it("demands a year for what tells who did what", async () => {
    for (const name of ["/a/audit", "/a/trail", "/a/flow-logs", "aws-waf-logs-a/waf", "audit"]) {
      assert.deepEqual(await days(name, 365), [], name);
      assert.deepEqual(await days(name, 180), wrong(180), name);
    }
    assert.deepEqual(await days("/audit/api", 30), []);
    const parameters = { auditNames: ["api"], auditDays: 60 };
    assert.deepEqual(await judge({ retentionInDays: 30 }, parameters), wrong(30));
    assert.deepEqual(await judge({ retentionInDays: 60 }, parameters), []);
  });

  it("demands a key", async () => {
    assert.deepEqual(await judge({ kmsKeyId: undefined }), ["mandatory kmsKeyId: nothing"]);
    assert.deepEqual(await judge({ kmsKeyId: "" }), ['mandatory kmsKeyId: ""']);
  });

  it("reports what is not known yet and judges the rest", async () => {
    assert.deepEqual(await judge({ retentionInDays: UNKNOWN, kmsKeyId: UNKNOWN }), [
      "advisory not evaluated: retentionInDays",
      "advisory not evaluated: kmsKeyId",
    ]);
    assert.deepEqual(await judge({ name: UNKNOWN, retentionInDays: 1 }), [
      "mandatory retentionInDays: 1",
      "advisory not evaluated: name",
    ]);
  });

  it("says nothing about other resources", async () => {
    assert.deepEqual(await verdict(POLICY, { type: "aws:s3/bucket:Bucket", properties: {} }), []);
  });

  describe("for Loki", () => {
    const stream = (level: string, period: string) => ({ selector: `{level="${level}"}`, priority: 1, period });
    const streams = [stream("error", "720h"), stream("warn", "336h"), stream("info", "168h"), stream("debug", "24h")];
    const loki = (limits: unknown, compactor: unknown = { retention_enabled: true }, system = "shop") =>
      verdict(POLICY, file("loki.yaml", { compactor, limits_config: limits }, system));
    const at = (path: string, found: string) => [`mandatory data["loki.yaml"].${path}: ${found}`];

    it("demands that it deletes, and not too soon", async () => {
      assert.deepEqual(await loki({ retention_period: "720h" }), []);
      assert.deepEqual(await loki({ retention_period: "30d" }), []);
      assert.deepEqual(await loki({ retention_period: "719h" }), at("limits_config.retention_period", '"719h"'));
      assert.deepEqual(await loki({}), at("limits_config.retention_period", "nothing"));
      assert.deepEqual(await loki({ retention_period: "720h" }, {}), at("compactor.retention_enabled", "nothing"));
    });

    it("demands the period of each level where the system states them", async () => {
      const good = { retention_period: "720h", retention_stream: streams };
      assert.deepEqual(await loki(good, undefined, "worldstore"), []);
      assert.deepEqual(await loki({ ...good, retention_stream: streams.slice(1) }, undefined, "worldstore"), [
        'mandatory data["loki.yaml"].limits_config.retention_stream: nothing for the level error',
      ]);
      const late = { ...good, retention_stream: [stream("error", "721h"), ...streams.slice(1)] };
      assert.deepEqual(await loki(late, undefined, "worldstore"), [
        'mandatory data["loki.yaml"].limits_config.retention_stream[0].period: "721h"',
      ]);
    });

    it("reports what is not known yet, and leaves other files alone", async () => {
      assert.deepEqual(await verdict(POLICY, file("loki.yaml", UNKNOWN)), [
        'advisory not evaluated: data["loki.yaml"]',
      ]);
      assert.deepEqual(await verdict(POLICY, file("other.yaml", "a: 1")), []);
      assert.deepEqual(await verdict(POLICY, file("loki.yaml", "limits_config: [")), []);
    });
  });

  describe("for volumes of logs", () => {
    const template = (name: string, storage: unknown) => ({
      metadata: { name },
      spec: { resources: { requests: { storage } } },
    });
    const labels = { "app.kubernetes.io/part-of": "archesai" };
    const set = (...volumeClaimTemplates: object[]) => ({
      type: "kubernetes:apps/v1:StatefulSet",
      properties: { metadata: { labels }, spec: { volumeClaimTemplates } },
    });
    const path = "spec.volumeClaimTemplates[0].spec.resources.requests.storage";

    it("demands 20 GB of ArchesAI", async () => {
      assert.deepEqual(await verdict(POLICY, set(template("logs", "20G"), template("data", "1G"))), []);
      assert.deepEqual(await verdict(POLICY, set(template("logs", "20Gi"))), []);
      assert.deepEqual(await verdict(POLICY, set(template("logs", "19G"))), [`mandatory ${path}: "19G"`]);
      assert.deepEqual(await verdict(POLICY, set(template("app-log", undefined))), [`mandatory ${path}: nothing`]);
      assert.deepEqual(await verdict(POLICY, set(template("catalogs", "1G"))), []);
      assert.deepEqual(await verdict(POLICY, set(template("logs", UNKNOWN))), [`advisory not evaluated: ${path}`]);
    });

    it("demands nothing of others", async () => {
      const { type, properties } = set(template("logs", "1G"));
      const metadata = { labels: { "app.kubernetes.io/part-of": "shop" } };
      const other = { type, properties: { ...properties, metadata } };
      assert.deepEqual(await verdict(POLICY, other), []);
      const deployment = {
        type: "kubernetes:apps/v1:Deployment",
        properties: { ...template("logs", "1G"), metadata: { name: "logs", labels } },
      };
      assert.deepEqual(await verdict(POLICY, deployment), []);
    });
  });

  describe("as a remediation", () => {
    const after = (properties: Record<string, unknown>) =>
      remediated(logRetention, group(properties)).properties["retentionInDays"];

    it("sets the days that are missing: of the level, of audits, or 30", () => {
      assert.equal(after({ retentionInDays: undefined }), 30);
      assert.equal(after({ retentionInDays: 0 }), 30);
      assert.equal(after({ retentionInDays: undefined, name: "/a/audit" }), 365);
      assert.equal(after({ retentionInDays: undefined, name: "/worldstore/prod/debug" }), 1);
      assert.equal(after({ retentionInDays: undefined, name: "/a/warn", tags: { system: "worldstore" } }), 14);
    });

    it("leaves what is set, what is unknown and what is no log group", () => {
      assert.equal(after({ retentionInDays: 1 }), 1);
      assert.equal(after({ retentionInDays: UNKNOWN }), UNKNOWN);
      assert.equal(after({ retentionInDays: undefined, name: UNKNOWN }), undefined);
      const other = { type: "aws:s3/bucket:Bucket", properties: {} };
      assert.deepEqual(remediated(logRetention, other), other);
    });
  });
});
