import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { remediated } from "../testing/in-process.ts";
import { app, ecs } from "../testing/monitoring.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { auditTrail } from "./audit-trail.ts";

type Json = Record<string, unknown>;

const POLICY = "audit-trail";
const stack = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const trail = (changes: Json = {}): TestResource => ({
  type: "aws:cloudtrail/trail:Trail",
  name: "trail",
  properties: { isMultiRegionTrail: true, enableLogFileValidation: true, kmsKeyId: "key", ...changes },
});
const bucket = (properties: Json = {}, type = "aws:s3/bucket:Bucket"): TestResource => ({
  type,
  name: "store",
  properties: { bucket: "shop-audit-1", objectLockEnabled: true, ...properties },
});
const lock = (defaultRetention: unknown, properties: Json = {}): TestResource => ({
  type: "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
  name: "lock",
  properties: { bucket: "shop-audit-1", rule: { defaultRetention }, ...properties },
});
const locked = lock({ mode: "COMPLIANCE", days: 2555 });
const group: TestResource = {
  type: "aws:cloudwatch/logGroup:LogGroup",
  name: "g",
  properties: { name: "/a/audit", kmsKeyId: "k", retentionInDays: 365 },
};
const NOWHERE = "mandatory the resource itself: no place for the audit log in the stack";
const UNTRACED = "mandatory the resource itself: no CloudTrail in the stack";

describe("POL-AUDIT-TRAIL (WS-SEC-34, AR-SEC-39, CC-SEC-26)", () => {
  it("demands a trail of all regions that is on, validated and encrypted", async () => {
    const judge = (changes: Json) => verdict(POLICY, trail(changes));
    assert.deepEqual(await judge({}), []);
    assert.deepEqual(await judge({ enableLogging: true, includeGlobalServiceEvents: true }), []);
    for (const [changes, found] of [
      [{ enableLogging: false }, "enableLogging: false"],
      [{ includeGlobalServiceEvents: false }, "includeGlobalServiceEvents: false"],
      [{ isMultiRegionTrail: false }, "isMultiRegionTrail: false"],
      [{ isMultiRegionTrail: undefined }, "isMultiRegionTrail: nothing"],
      [{ enableLogFileValidation: undefined }, "enableLogFileValidation: nothing"],
      [{ kmsKeyId: undefined }, "kmsKeyId: nothing"],
      [{ kmsKeyId: "" }, 'kmsKeyId: ""'],
    ] as const) {
      assert.deepEqual(await judge(changes), [`mandatory ${found}`]);
    }
    assert.deepEqual(await judge({ kmsKeyId: UNKNOWN, isMultiRegionTrail: UNKNOWN, enableLogging: false }), [
      "mandatory enableLogging: false",
      "advisory not evaluated: isMultiRegionTrail",
      "advisory not evaluated: kmsKeyId",
    ]);
  });

  it("demands a trail of stacks on ECS, unless the configuration says that another makes it", async () => {
    assert.deepEqual(await stack(...ecs("worldstore"), bucket(), locked, trail()), []);
    assert.deepEqual(await stack(...ecs("worldstore"), bucket(), locked), [UNTRACED]);
    assert.deepEqual(await stack(app("worldstore"), bucket(), locked), []);
    const config = { [POLICY]: { parameters: { trail: false } } };
    assert.deepEqual(await stackVerdict(POLICY, [...ecs("worldstore"), bucket(), locked], config), []);
  });

  it("demands of worldstore a bucket that nobody can change for seven years", async () => {
    const judge = (...resources: TestResource[]) => stack(app("worldstore"), ...resources);
    assert.deepEqual(await judge(), [NOWHERE]);
    assert.deepEqual(await judge(group), [NOWHERE]);
    assert.deepEqual(await judge(bucket({ bucket: "shop-files" }), locked), [NOWHERE]);
    assert.deepEqual(await judge(bucket({ bucket: "auditorium" }), locked), [NOWHERE]);
    assert.deepEqual(await judge({ ...bucket({ bucket: undefined }), name: "shop-audit-bucket" }), [
      "mandatory objectLockConfiguration.rule.defaultRetention.mode: nothing",
    ]);
    assert.deepEqual(await judge(bucket({ objectLockEnabled: false }), locked), ["mandatory objectLockEnabled: false"]);
    assert.deepEqual(await judge(bucket({ objectLockEnabled: undefined }), locked), [
      "mandatory objectLockEnabled: nothing",
    ]);
    assert.deepEqual(await judge(bucket(), lock({ mode: "GOVERNANCE", days: 2555 })), [
      'mandatory rule.defaultRetention.mode: "GOVERNANCE"',
    ]);
    assert.deepEqual(await judge(bucket(), lock({ mode: "COMPLIANCE", days: 2554 })), [
      "mandatory rule.defaultRetention.days: 2554 days",
    ]);
    assert.deepEqual(await judge(bucket(), lock({ mode: "COMPLIANCE", years: 7 })), []);
    assert.deepEqual(await judge(bucket(), lock({ mode: "COMPLIANCE", years: 6 })), [
      "mandatory rule.defaultRetention.years: 2190 days",
    ]);
    assert.deepEqual(await judge(bucket(), lock({ mode: "COMPLIANCE", days: 2555 }, { bucket: "other" })), [
      "mandatory objectLockConfiguration.rule.defaultRetention.mode: nothing",
    ]);
  });

  it("takes one good bucket of several, buckets of the former type, and locks within a bucket", async () => {
    const judge = (...resources: TestResource[]) => stack(app("worldstore"), ...resources);
    const second = { ...bucket({ bucket: "trail-audit", objectLockEnabled: false }), name: "second" };
    assert.deepEqual(await judge(second, bucket(), locked), []);
    assert.deepEqual(await judge(bucket({}, "aws:s3/bucketV2:BucketV2"), locked), []);
    const objectLockConfiguration = {
      objectLockEnabled: "Enabled",
      rule: { defaultRetention: { mode: "COMPLIANCE", years: 7 } },
    };
    assert.deepEqual(await judge(bucket({ objectLockEnabled: undefined, objectLockConfiguration })), []);
  });

  it("follows what the engine says about names that are not known yet", async () => {
    const unnamed = { ...bucket({ bucket: undefined }), name: "shop-audit" };
    const linked = {
      ...locked,
      properties: { ...locked.properties, bucket: UNKNOWN },
      propertyDependencies: { bucket: [urnOf(unnamed)] },
    };
    assert.deepEqual(await stack(app("worldstore"), unnamed, linked), []);
  });

  it("demands a bucket or a log group of ArchesAI and Complete Car Loans", async () => {
    for (const system of ["archesai", "ccl"]) {
      assert.deepEqual(await stack(app(system)), [NOWHERE]);
      assert.deepEqual(await stack(...ecs(system)), [NOWHERE, UNTRACED]);
      assert.deepEqual(await stack(app(system), group), []);
      assert.deepEqual(await stack(app(system), bucket({ objectLockEnabled: false })), []);
    }
  });

  it("demands nothing of other systems, of development, and of stacks without workloads", async () => {
    assert.deepEqual(await stack(app("shop"), ...ecs("retail-brain")), []);
    const dev = app("worldstore");
    dev.properties = {
      ...dev.properties,
      metadata: { labels: { "app.kubernetes.io/part-of": "worldstore", environment: "dev" } },
    };
    assert.deepEqual(await stack(dev), []);
    assert.deepEqual(await stack(bucket({ objectLockEnabled: false })), []);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await stack(app("worldstore"), bucket({ objectLockEnabled: UNKNOWN }), locked), [
      "advisory not evaluated: objectLockEnabled",
    ]);
    assert.deepEqual(await stack(app("worldstore"), bucket(), lock({ mode: UNKNOWN, days: UNKNOWN })), [
      "advisory not evaluated: rule.defaultRetention.mode",
      "advisory not evaluated: rule.defaultRetention.days",
    ]);
  });

  it("turns on what a trail lacks as a remediation", () => {
    const after = (changes: Json) => remediated(auditTrail, trail(changes)).properties;
    assert.deepEqual(after({}), trail().properties);
    const off = {
      enableLogging: false,
      includeGlobalServiceEvents: false,
      isMultiRegionTrail: false,
      enableLogFileValidation: undefined,
    };
    assert.deepEqual(after(off), { ...trail().properties, enableLogging: true, includeGlobalServiceEvents: true });
    assert.equal(after({ isMultiRegionTrail: UNKNOWN })["isMultiRegionTrail"], UNKNOWN);
    assert.deepEqual(remediated(auditTrail, bucket()), bucket());
  });
});
