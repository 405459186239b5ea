import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { app, ecs, file } from "../testing/monitoring.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "dashboards";
const stack = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const board = (dashboardName: unknown, name = String(dashboardName)): TestResource => ({
  type: "aws:cloudwatch/dashboard:Dashboard",
  name,
  properties: { dashboardName },
});
const panels = (name: string, title = "") => file(`${name}.json`, { title, panels: [] }, "shop", name);
const without = (name: string, level = "advisory") => `${level} the resource itself: no dashboard named ${name}`;
const NONE = "advisory the resource itself: no dashboard in the stack";

describe("POL-DASHBOARDS (WS-SEC-46, EB-SEC-44, AR-SEC-06, RB-SEC-31)", () => {
  it("demands the dashboards of a system on ECS, by the words of their names", async () => {
    for (const [system, names] of [
      ["worldstore", ["business", "technical", "infrastructure"]],
      ["ecommerce-bot", ["application", "business", "infrastructure"]],
    ] as const) {
      assert.deepEqual(
        await stack(...ecs(system)),
        names.map((name) => without(name)),
      );
      assert.deepEqual(await stack(...ecs(system), ...names.map((name) => board(`x-${name}`))), []);
      assert.deepEqual(await stack(...ecs(system), board(names[0]), board(names[2])), [without(names[1])]);
    }
  });

  it("demands one dashboard of other systems", async () => {
    for (const system of ["archesai", "retail-brain", "shop"]) {
      assert.deepEqual(await stack(...ecs(system)), [NONE]);
      assert.deepEqual(await stack(...ecs(system), board("a")), []);
      assert.deepEqual(await stack(...ecs(system), board(undefined, "a")), []);
    }
  });

  it("demands them in a cluster with Grafana, or of systems that are to have it", async () => {
    const grafana = (image: string) => app("retail-brain", { image }, { name: "g", component: "monitoring" });
    assert.deepEqual(await stack(app("retail-brain")), []);
    assert.deepEqual(await stack(grafana("grafana/grafana:12")), [NONE]);
    assert.deepEqual(await stack(grafana("grafana/grafana-oss:12")), [NONE]);
    assert.deepEqual(await stack(grafana("grafana/grafana-agent:1")), []);
    assert.deepEqual(await stack(grafana("grafana/grafana:12"), panels("a")), []);
    assert.deepEqual(await stack(app("archesai")), [NONE]);
    assert.deepEqual(await stack(app("archesai"), panels("a")), []);
    assert.deepEqual(await stack(app("archesai"), file("a.json", { rows: [] })), [NONE]);
    assert.deepEqual(await stack(app("worldstore")), []);
  });

  it("finds the word in the name of the file or in the title", async () => {
    const two = [panels("business"), panels("infrastructure")];
    assert.deepEqual(await stack(app("ecommerce-bot"), ...two), [without("application")]);
    assert.deepEqual(await stack(app("ecommerce-bot"), ...two, panels("a", "Application Dashboard")), []);
    assert.deepEqual(await stack(app("ecommerce-bot"), ...two, panels("Application")), []);
  });

  it("takes names from the configuration", async () => {
    const config = { [POLICY]: { parameters: { dashboards: { shop: ["orders"] }, grafana: { shop: true } } } };
    assert.deepEqual(await stackVerdict(POLICY, ecs("shop"), config), [without("orders", "mandatory")]);
    assert.deepEqual(await stackVerdict(POLICY, [app("shop")], config), [without("orders", "mandatory")]);
    assert.deepEqual(await stackVerdict(POLICY, ecs("other"), config), []);
  });

  it("misses none while something is not known yet", async () => {
    assert.deepEqual(await stack(...ecs("shop"), board(UNKNOWN)), ["advisory not evaluated: dashboardName"]);
    assert.deepEqual(await stack(app("archesai"), file("a.json", UNKNOWN)), ['advisory not evaluated: data["a.json"]']);
  });
});
