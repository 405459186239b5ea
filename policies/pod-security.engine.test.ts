import assert from "node:assert/strict";
import fc from "fast-check";
import { Check } from "./frame/check.ts";
import { POD_KINDS, podPath, workload } from "./testing/fixtures.ts";
import { resourceOf, verdictOf } from "./testing/in-process.ts";
import { evaluate, type EvaluatedPod } from "./testing/pod-security/evaluator.ts";
import { pods } from "./testing/pod-security/pods.ts";
import { containersOf, podOf } from "./workloads/kubernetes.ts";
import { POD_SECURITY_CHECKS } from "./workloads/pod-security/checks.ts";
import type { TestResource } from "./testing/analyzer.ts";

type Json = Record<string, unknown>;
type Kind = keyof typeof POD_KINDS;

/** How many pods; `POD_SECURITY_PODS` asks for another number. */
const COUNT = Number(process.env["POD_SECURITY_PODS"] ?? 20_000);

/** Upstream has the check of the baseline profile under a name without its profile. */
const OWN_NAMES: Readonly<Record<string, string>> = { procMount: "procMount_baseline" };

/** The kinds take turns. */
function wrapped({ metadata, spec }: EvaluatedPod, index: number): TestResource {
  const kind = (Object.keys(POD_KINDS) as Kind[])[index % 9] ?? "Pod";
  const resource = workload(spec, kind);
  const template = [...podPath(kind).split(".").slice(0, -1)];
  const owner = template.reduce<Json>((value, key) => value[key] as Json, resource.properties);
  owner["metadata"] = { ...(owner["metadata"] as Json), ...metadata };
  return resource;
}

/** The checks of ours that object to a pod. */
function objections(resource: TestResource): string[] {
  const subject = resourceOf(resource);
  return Object.entries(POD_SECURITY_CHECKS).flatMap(([id, standard]) => {
    const check = new Check(subject);
    const pod = podOf(subject);
    assert.ok(pod);
    standard(check, pod, containersOf(check, pod));
    assert.deepEqual(check.notEvaluated, []);
    return verdictOf(check).length > 0 ? [id] : [];
  });
}

describe("the checks of the Pod Security Standards", () => {
  it(`agree with the upstream evaluator, check by check, on ${COUNT} generated pods of all nine kinds`, async function () {
    this.timeout(30 * 60_000);
    const generated = fc.sample(pods, COUNT);
    const upstream = await evaluate(generated);
    const seen = new Map<string, number>();
    for (const [index, pod] of generated.entries()) {
      const expected = (upstream[index] ?? []).map((id) => OWN_NAMES[id] ?? id).sort();
      const found = objections(wrapped(pod, index)).sort();
      assert.deepEqual(found, expected, JSON.stringify(pod));
      expected.forEach((id) => seen.set(id, (seen.get(id) ?? 0) + 1));
    }
    // The generator reaches both answers of every check.
    for (const id of Object.keys(POD_SECURITY_CHECKS)) {
      const forbidden = seen.get(id) ?? 0;
      assert.ok(forbidden > COUNT / 100 && forbidden < COUNT * 0.99, `${id}: ${forbidden} of ${COUNT} forbidden`);
    }
  });
});
