import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { kubernetes, workload } from "../testing/fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { inSystem } from "../testing/store-fixtures.ts";

const POLICY = "velero";

function schedule(spec: object = {}, template: object = {}, name = "archesai-backup"): TestResource {
  const full = { ttl: "720h", includedNamespaces: ["production"], storageLocation: "s3-backup", ...template };
  return kubernetes("velero.io/v1:Schedule", { spec: { schedule: "0 */1 * * *", template: full, ...spec } }, name);
}

const judge = (...args: Parameters<typeof schedule>) => verdict(POLICY, schedule(...args));
const archesai = inSystem("archesai", workload());
const missing = ["mandatory metadata.namespace: a namespace without a schedule of Velero"];

describe("POL-VELERO (AR-SEC-33)", () => {
  it("accepts the schedule of archesai, and ones that do more", async () => {
    assert.deepEqual(await judge(), []);
    assert.deepEqual(await judge({ schedule: "*/30 * * * *", paused: false }, { ttl: "721h" }), []);
    assert.deepEqual(await judge({}, { ttl: undefined }), []);
    assert.deepEqual(await judge({ schedule: "@daily" }, { ttl: "48h", includedNamespaces: ["other"] }, "other"), []);
  });

  it("rejects schedules that run less often, keep less or elsewhere", async () => {
    assert.deepEqual(await judge({ schedule: "0 */2 * * *" }), ['mandatory spec.schedule: "0 */2 * * *"']);
    assert.deepEqual(await judge({}, { ttl: "719h59m" }), ['mandatory spec.template.ttl: "719h59m"']);
    assert.deepEqual(await judge({}, { ttl: "719h60m" }), []);
    assert.deepEqual(await judge({}, { ttl: "719h3600s" }), []);
    assert.deepEqual(await judge({}, { storageLocation: undefined }), [
      "mandatory spec.template.storageLocation: nothing",
    ]);
    assert.deepEqual(await judge({}, { includedNamespaces: ["other"] }), [
      'mandatory spec.template.includedNamespaces: ["other"]',
    ]);
    assert.deepEqual(await judge({ paused: true }), ["mandatory spec.paused: true"]);
  });

  it("knows the schedule by its namespace too", async () => {
    assert.deepEqual(await judge({ schedule: "0 2 * * *" }, {}, "nightly"), ['mandatory spec.schedule: "0 2 * * *"']);
  });

  it("rejects what is no cron line and no time", async () => {
    assert.deepEqual(await judge({ schedule: undefined }, { includedNamespaces: [], ttl: "long" }, "other"), [
      "mandatory spec.schedule: nothing",
      'mandatory spec.template.ttl: "long"',
    ]);
  });

  it("wants one for the namespace of archesai", async () => {
    assert.deepEqual(await stackVerdict(POLICY, [archesai, schedule()]), []);
    assert.deepEqual(await stackVerdict(POLICY, [archesai, schedule({}, { includedNamespaces: undefined })]), []);
    assert.deepEqual(await stackVerdict(POLICY, [archesai, schedule({}, { includedNamespaces: ["*"] })]), []);
    assert.deepEqual(await stackVerdict(POLICY, [archesai]), missing);
    const other = schedule({}, { includedNamespaces: ["other"] }, "other");
    assert.deepEqual(await stackVerdict(POLICY, [archesai, other]), missing);
    assert.deepEqual(await stackVerdict(POLICY, [inSystem("worldstore", workload())]), []);
  });

  it("takes the systems from its configuration, and asks nothing of development", async () => {
    const plan = { name: "ws", cron: "0 2 * * *", ttl: "24h", namespace: "worldstore", storage: "s3" };
    const config = { [POLICY]: { parameters: { schedules: { worldstore: plan } } } };
    assert.deepEqual(await stackVerdict(POLICY, [inSystem("worldstore", workload())], config), missing);
    assert.deepEqual(await stackVerdict(POLICY, [archesai], config), []);
    const metadata = { labels: { environment: "dev", "app.kubernetes.io/part-of": "archesai" } };
    assert.deepEqual(await stackVerdict(POLICY, [{ ...archesai, properties: { metadata } }]), []);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await judge({ schedule: UNKNOWN }, { ttl: "1h" }), [
      'mandatory spec.template.ttl: "1h"',
      "advisory not evaluated: spec.schedule",
    ]);
    const names = schedule({}, { includedNamespaces: [UNKNOWN] }, "other");
    assert.deepEqual(await stackVerdict(POLICY, [archesai, names]), []);
  });
});
