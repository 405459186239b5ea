import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { verdict } from "../testing/pack.ts";
import { rdsInstance } from "../testing/store-fixtures.ts";
import { awsRdsEvents } from "./aws-rds-events.ts";

const POLICY = "aws-rds-events";
const subscription = (sourceType: unknown, eventCategories: unknown, overrides = {}): TestResource => ({
  type: "aws:rds/eventSubscription:EventSubscription",
  properties: { snsTopic: "topic", sourceType, eventCategories, ...overrides },
});
const judge = (...args: Parameters<typeof subscription>) => verdict(POLICY, subscription(...args));

describe("POL-AWS-RDS-EVENTS (CC-SEC-22)", () => {
  it("accepts subscriptions to all events, or at least to the critical ones", async () => {
    assert.deepEqual(await judge("db-instance", undefined), []);
    assert.deepEqual(await judge(undefined, []), []);
    assert.deepEqual(await judge("db-instance", ["maintenance", "failure", "configuration change", "backup"]), []);
    assert.deepEqual(await judge("db-cluster", ["maintenance", "failure"]), []);
    assert.deepEqual(await judge("db-parameter-group", ["configuration change"]), []);
    assert.deepEqual(await judge("db-security-group", ["configuration change", "failure"]), []);
    assert.deepEqual(await judge("db-proxy", ["deletion"]), []);
    assert.deepEqual(await verdict(POLICY, rdsInstance({ enabled: false })), []);
  });

  it("rejects subscriptions that leave critical ones out, or are turned off", async () => {
    const found = (list: string) => [`mandatory eventCategories: ${list}`];
    assert.deepEqual(await judge("db-instance", ["failure", "maintenance"]), found('["failure", "maintenance"]'));
    assert.deepEqual(await judge("db-cluster", ["failure"]), found('["failure"]'));
    assert.deepEqual(await judge("db-parameter-group", ["other"]), found('["other"]'));
    assert.deepEqual(await judge("db-security-group", ["failure"]), found('["failure"]'));
    assert.deepEqual(await judge("db-cluster", undefined, { enabled: false }), ["mandatory enabled: false"]);
  });

  it("takes the categories from its configuration", async () => {
    const config = { [POLICY]: { parameters: { categories: { "db-proxy": ["deletion"] } } } };
    assert.deepEqual(await verdict(POLICY, subscription("db-proxy", ["failure"]), config), [
      'mandatory eventCategories: ["failure"]',
    ]);
    assert.deepEqual(await verdict(POLICY, subscription("db-cluster", ["x"]), config), []);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await judge("db-cluster", UNKNOWN), ["advisory not evaluated: eventCategories"]);
    assert.deepEqual(await judge("db-cluster", ["failure", UNKNOWN]), ["advisory not evaluated: eventCategories[1]"]);
    assert.deepEqual(await judge(UNKNOWN, ["failure"]), ["advisory not evaluated: sourceType"]);
  });

  it("is put right where it is turned off", () => {
    const off = subscription("db-cluster", undefined, { enabled: false });
    assert.deepEqual(verdictRemediated(awsRdsEvents, off), { verdict: [], idempotent: true });
    for (const right of [subscription("db-cluster", undefined), rdsInstance({ enabled: false })]) {
      assert.deepEqual(remediated(awsRdsEvents, right), right);
    }
  });
});
