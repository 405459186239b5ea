import assert from "node:assert/strict";

import { readStackFile, settingTexts, withDefaults } from "../local/deploy/stack-file.ts";
import { standIns } from "../local/deploy/stand-ins.ts";
import { record, type RecordedResource } from "../infra/testing/record.ts";
import { parseConfig } from "./config.ts";
import { deploymentOf } from "./deployment.ts";
import { deployToEcs } from "./ecs.ts";
import { traces, type Trace } from "./testing/worldstore-on-ecs.ts";

/** How many items the requirements of worldstore have in each of these groups. */
const items = { SVC: 4, DS: 6, CFG: 22, NET: 8, ALR: 13, LOG: 3, OPS: 11 };

/** A property by its path; members of a list are named by their number, name or volume, JSON texts are opened. */
function property(value: unknown, path: string): unknown {
  return path.split(".").reduce((at, step) => {
    const open: unknown = typeof at === "string" && /^[[{]/.test(at) ? JSON.parse(at) : at;
    if (Array.isArray(open)) {
      return open[Number(step)] ?? open.find(({ name, sourceVolume }) => name === step || sourceVolume === step);
    }
    return (open as Record<string, unknown> | undefined)?.[step];
  }, value);
}

describe("worldstore on ECS in production", () => {
  let resources: Map<string, RecordedResource>;
  before(async () => {
    const file = await readStackFile("prod");
    const config = parseConfig(settingTexts(withDefaults(file, await standIns(file))));
    const { system, settings } = deploymentOf("prod", config, "2026-11-21");
    const recorded = await record(() => deployToEcs(system, settings), { preview: true });
    resources = new Map(recorded.map((resource) => [`${resource.type} ${resource.name}`, resource]));
  });

  it("answers for every item of its requirements", () => {
    const expected = Object.entries(items).flatMap(([group, count]) =>
      Array.from({ length: count }, (_, index) => `WS-${group}-${String(index + 1).padStart(2, "0")}`),
    );
    assert.deepEqual(Object.keys(traces).sort(), expected.sort());
  });

  const check = (trace: Trace) => {
    if ("reason" in trace) return;
    const resource = resources.get(trace.resource);
    assert(resource, `there is no ${trace.resource}`);
    const found = property(resource.inputs, trace.property);
    const where = `${trace.resource} ${trace.property}: ${JSON.stringify(found)}`;
    if (trace.is instanceof RegExp) assert.match(String(found), trace.is, where);
    else if (typeof trace.is === "function") assert((trace.is as (value: unknown) => boolean)(found), where);
    else assert.deepEqual(found, trace.is, where);
  };
  for (const [id, all] of Object.entries(traces)) {
    const reasons = all.flatMap((trace) => ("reason" in trace ? [trace.reason] : []));
    it(`has ${id}${reasons.length > 0 ? `; not in the plan: ${reasons.join(" ")}` : ""}`, () => all.forEach(check));
  }
});
