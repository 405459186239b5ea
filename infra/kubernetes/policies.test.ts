import assert from "node:assert/strict";

import { UNKNOWN, urnOf, type TestResource } from "../../policies/testing/analyzer.ts";
import { analyzeStack } from "../../policies/testing/pack.ts";
import { record } from "../testing/record.ts";
import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";
import { worldstoreDev, worldstoreProduction } from "./testing/worldstore.ts";

/** What the policy pack says of a system's resources, as in a first preview or as in an update. */
async function findings(target: Target, preview: boolean): Promise<string[]> {
  const resources = await record(() => new KubernetesSystem(target.system.name, target, {}), { preview });
  const known = resources.map(({ type, name, inputs, propertyDependencies }): TestResource => ({
    type,
    name,
    properties: unknowns(inputs) as TestResource["properties"],
    propertyDependencies: Object.fromEntries(
      Object.entries(propertyDependencies).map(([property, sources]) => [property, sources.map(urnOf)]),
    ),
  }));
  const reports = await analyzeStack(known);
  return reports.filter(({ level }) => level === "mandatory").map(({ urn, message }) => `${urn}: ${message}`);
}

function unknowns(value: unknown): unknown {
  if (value === "[unknown]") return UNKNOWN;
  if (Array.isArray(value)) return value.map(unknowns);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, unknowns(part)]));
}

describe("The policy pack", () => {
  for (const preview of [true, false]) {
    it(`finds nothing in worldstore on Kubernetes, ${preview ? "in a preview" : "in an update"}`, async function () {
      this.timeout(20_000);
      assert.deepEqual(await findings(worldstoreDev(), preview), []);
      assert.deepEqual(await findings(worldstoreProduction(), preview), []);
    });
  }
});
