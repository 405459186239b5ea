import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { autoscaler, copies, disruptionBudget, ecsService } from "../testing/copies.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "pdb";
const LABELS = "spec.template.metadata.labels";
const MISSING = [`advisory ${LABELS}: 2 copies without a disruption budget`];

const config = { [POLICY]: { level: "advisory" as const } };
const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources, config);
const two = copies({ replicas: 2 });

describe("POL-PDB (AR-SEC-35)", () => {
  it("accepts a budget that lets one copy be missing", async () => {
    for (const spec of [
      {},
      { maxUnavailable: "50%" },
      { maxUnavailable: undefined, minAvailable: 1 },
      { maxUnavailable: undefined, minAvailable: "50%" },
      { selector: {} },
      { selector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
    ]) {
      assert.deepEqual(await judge(two, disruptionBudget(spec)), [], JSON.stringify(spec));
    }
  });

  it("rejects several copies without a budget that selects them", async () => {
    assert.deepEqual(await judge(two), MISSING);
    assert.deepEqual(await judge(two, disruptionBudget({}, "other")), MISSING);
    assert.deepEqual(await judge(two, disruptionBudget({ selector: undefined })), MISSING);
    const elsewhere = disruptionBudget();
    (elsewhere.properties["metadata"] as Record<string, unknown>)["namespace"] = "other";
    assert.deepEqual(await judge(two, elsewhere), MISSING);
    assert.deepEqual(await judge(copies(), autoscaler()), MISSING);
  });

  it("asks nothing for one copy, none, or on ECS", async () => {
    assert.deepEqual(await judge(copies()), []);
    assert.deepEqual(await judge(copies({ replicas: 0 })), []);
    assert.deepEqual(await judge(ecsService()), []);
  });

  it("rejects budgets that allow nothing or everything", async () => {
    for (const [key, value] of [
      ["maxUnavailable", 0],
      ["maxUnavailable", "0%"],
      ["maxUnavailable", 2],
      ["maxUnavailable", "51%"],
      ["minAvailable", 2],
      ["minAvailable", "51%"],
      ["minAvailable", 0],
    ] as const) {
      const spec = { maxUnavailable: undefined, [key]: value };
      assert.deepEqual(await judge(two, disruptionBudget(spec)), [`advisory spec.${key}: ${JSON.stringify(value)}`]);
    }
    assert.deepEqual(await judge(two, disruptionBudget({ maxUnavailable: undefined })), [
      "advisory spec: a budget without a limit",
    ]);
  });

  it("reports what is not known yet", async () => {
    assert.deepEqual(await judge(copies({ replicas: UNKNOWN })), ["advisory not evaluated: spec.replicas"]);
    assert.deepEqual(await judge(two, disruptionBudget({ selector: { matchLabels: UNKNOWN } })), [
      "advisory not evaluated: spec.selector.matchLabels",
    ]);
    assert.deepEqual(await judge(two, disruptionBudget({ maxUnavailable: UNKNOWN })), [
      "advisory not evaluated: spec.maxUnavailable",
    ]);
    const template = { metadata: { labels: UNKNOWN } };
    assert.deepEqual(await judge(copies({ replicas: 2, template })), [`advisory not evaluated: ${LABELS}`]);
  });
});
