import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import { colourAddress, colourRule, colourService, colourSet } from "../testing/colour-fixtures.ts";
import { stackVerdict } from "../testing/pack.ts";

const POLICY = "blue-green";
const judge = (...resources: TestResource[]) => stackVerdict(POLICY, resources);
const [blue, green] = [colourSet("blue"), colourSet("green", 0)];
const template = "mandatory spec.template.metadata.labels";
const selector = "mandatory spec.selector";

describe("POL-BLUE-GREEN (WS-SEC-43)", () => {
  describe("on Kubernetes", () => {
    it("accepts two sets with an address that leads to one, and another that leads to the other", async () => {
      assert.deepEqual(await judge(blue, green, colourAddress("blue")), []);
      assert.deepEqual(await judge(blue, green, colourAddress("blue"), colourAddress("green", "preview")), []);
    });

    it("wants both colours", async () => {
      assert.deepEqual(await judge(blue), [`${template}: no set that is green`]);
      assert.deepEqual(await judge(colourSet("one")), [`${template}: no set that is blue or green`]);
      const elsewhere = { ...green, properties: { ...green.properties, metadata: { namespace: "other" } } };
      assert.deepEqual(await judge(blue, elsewhere), [`${template}: no set that is green`]);
      const other = colourSet("green", 0, { "app.kubernetes.io/name": "other" });
      assert.deepEqual((await judge(blue, other))[0], `${template}: no set that is green`);
      const agent = colourSet("one", 1, { "app.kubernetes.io/component": "agent", "app.kubernetes.io/name": "agent" });
      const named = {
        ...agent,
        properties: { ...agent.properties, metadata: { labels: { "app.kubernetes.io/part-of": "worldstore" } } },
      };
      assert.deepEqual(await judge(named), []);
    });

    it("rejects an address of both, and of copies that do not run", async () => {
      assert.deepEqual(await judge(blue, green, colourAddress()), [`${selector}: an address of blue and green`]);
      assert.deepEqual(await judge(blue, green, colourAddress("green")), [
        `${selector}: an address without copies that run`,
      ]);
      assert.deepEqual(await judge(blue, green, colourAddress("red")), [
        `${selector}: an address without copies that run`,
      ]);
    });

    it("asks nothing of development and of other systems", async () => {
      assert.deepEqual(await judge(colourSet("one", 1, { environment: "dev" })), []);
      assert.deepEqual(await judge(colourSet("one", 1, { "app.kubernetes.io/part-of": "other" })), []);
    });

    it("takes services and colours from its configuration", async () => {
      const config = { [POLICY]: { parameters: { states: ["one", "two"] } } };
      assert.deepEqual(await stackVerdict(POLICY, [colourSet("one"), colourSet("two")], config), []);
      const none = { [POLICY]: { parameters: { components: { worldstore: ["other"] } } } };
      assert.deepEqual(await stackVerdict(POLICY, [colourSet("one")], none), []);
    });

    it("waits for labels and selectors that are not known yet", async () => {
      const address = colourAddress("blue");
      const unknown = { ...address, properties: { ...address.properties, spec: { selector: UNKNOWN } } };
      assert.deepEqual(await judge(blue, green, unknown), ["advisory not evaluated: spec.selector"]);
      const spec = { template: { metadata: { labels: UNKNOWN } } };
      const set = { ...blue, properties: { ...blue.properties, spec } };
      assert.deepEqual(await judge(set), ["advisory not evaluated: spec.template.metadata.labels"]);
    });
  });

  describe("on ECS", () => {
    const balancer = (advancedConfiguration: unknown) =>
      colourService({ loadBalancers: [{ targetGroupArn: "a", advancedConfiguration }] });

    it("accepts a service with two target groups, and one that CodeDeploy releases", async () => {
      assert.deepEqual(await judge(colourService()), []);
      assert.deepEqual(await judge(balancer({ alternateTargetGroupArn: UNKNOWN })), []);
      const deployed = { deploymentController: { type: "CODE_DEPLOY" }, deploymentConfiguration: undefined };
      assert.deepEqual(await judge(colourService(deployed)), []);
    });

    it("rejects rolling updates and a single target group", async () => {
      const strategy = "mandatory deploymentConfiguration.strategy";
      assert.deepEqual(await judge(colourService({ deploymentConfiguration: { strategy: "ROLLING" } })), [
        `${strategy}: "ROLLING"`,
      ]);
      assert.deepEqual(await judge(colourService({ deploymentConfiguration: undefined })), [`${strategy}: nothing`]);
      assert.deepEqual(await judge(balancer(undefined)), [
        "mandatory loadBalancers[0].advancedConfiguration.alternateTargetGroupArn: nothing",
      ]);
      assert.deepEqual(await judge(colourService({ loadBalancers: undefined })), ["mandatory loadBalancers: nothing"]);
      const agent = colourService({
        deploymentConfiguration: undefined,
        name: "a",
        tags: { system: "worldstore", component: "agent" },
      });
      assert.deepEqual(await judge(agent), []);
    });

    it("wants one live target group of two", async () => {
      const groups = "mandatory actions[0].forward.targetGroups";
      assert.deepEqual(await judge(colourRule(100, 0)), []);
      assert.deepEqual(await judge(colourRule(0, 1)), []);
      assert.deepEqual(await judge(colourRule(50, 50)), [`${groups}: 2 live target groups`]);
      assert.deepEqual(await judge(colourRule(0, 0)), [`${groups}: 0 live target groups`]);
      assert.deepEqual(await judge(colourRule(100, undefined)), [`${groups}: 2 live target groups`]);
      assert.deepEqual(await judge(colourRule(100)), [`${groups}: no second target group`]);
      assert.deepEqual(await judge(colourRule(100, UNKNOWN)), [
        "advisory not evaluated: actions[0].forward.targetGroups[1].weight",
      ]);
    });
  });
});
