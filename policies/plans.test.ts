import assert from "node:assert/strict";
import { catalogue } from "./catalogue.ts";
import { judgePlan, mutated, plans, recordPlan, type PlanName, type PlannedResource } from "./testing/plans.ts";
import { weaknesses } from "./testing/weaknesses.ts";

const names = Object.keys(plans) as PlanName[];
/** In AWS it is the provider that tags resources with the system, so the pack is told. */
const settings = { system: "worldstore" };
const mandatory = catalogue.filter(({ level }) => level === "mandatory");

describe("the plans of the committed stacks", function () {
  this.timeout(120_000);
  const recorded = new Map<PlanName, PlannedResource[]>();
  const planOf = (name: PlanName) => recorded.get(name) ?? [];

  before(async () => {
    const resources = await Promise.all(names.map((name) => recordPlan(plans[name].stack, plans[name].overrides)));
    names.forEach((name, index) => recorded.set(name, resources[index] ?? []));
  });

  for (const name of names) {
    it(`${name} violates no policy`, () => {
      assert.ok(planOf(name).length > 90, String(planOf(name).length));
      const found = [...judgePlan(planOf(name), mandatory), ...judgePlan(planOf(name), mandatory, settings)];
      assert.deepEqual(
        found.map(({ policy, urn, path, found: value }) => `${policy.id} ${urn} ${path}: ${value}`),
        [],
      );
    });
  }

  it("have at least a hundred weaknesses that a policy is there to stop, each another", () => {
    const places = weaknesses.map(({ policy, plan, resource, path, value }) => {
      return JSON.stringify([policy, plan, resource, path, value]);
    });
    assert.ok(new Set(places).size >= 100, String(places.length));
    assert.equal(new Set(places).size, places.length);
  });

  for (const weakness of weaknesses) {
    const { policy: name, plan, resource, path, value } = weakness;
    const change = `${path === "" ? "none" : path}${value === undefined ? "" : ` = ${JSON.stringify(value).slice(0, 60)}`}`;
    it(`${plan}: ${name} stops ${resource} ${change}`, () => {
      const policy = mandatory.find((candidate) => candidate.name === name);
      assert.ok(policy, `there is no mandatory policy ${name}`);
      assert.notDeepEqual(judgePlan(mutated(planOf(plan), weakness), [policy], settings), []);
    });
  }
});
