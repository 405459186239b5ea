import assert from "node:assert/strict";
import fc from "fast-check";
import type { Policy } from "./frame/policy.ts";
import { imgPinned } from "./rules/img-pinned.ts";
import { noHost } from "./rules/no-host.ts";
import { podHardened } from "./rules/pod-hardened.ts";
import { resLimits } from "./rules/res-limits.ts";
import { secretNoPlaintext } from "./rules/secret-no-plaintext.ts";
import { serviceAccount } from "./rules/serviceaccount.ts";
import { POD_KINDS, podPath, workload } from "./testing/fixtures.ts";
import { judge } from "./testing/in-process.ts";
import { verdict } from "./testing/pack.ts";
import { pods } from "./testing/pod-security/pods.ts";

type Json = Record<string, unknown>;
type Kind = keyof typeof POD_KINDS;

/** The policies that speak of a pod whatever bears it. */
const POLICIES: readonly Policy[] = [imgPinned, noHost, podHardened, resLimits, secretNoPlaintext, serviceAccount];

const extras = fc.record({
  image: fc.constantFrom("agent:latest", "agent", "images.local/agent:1.0", undefined),
  resources: fc.constantFrom({}, undefined, { limits: { cpu: "1" }, requests: { cpu: "2", memory: "1Mi" } }),
  env: fc.constantFrom([{ name: "API_KEY", value: "abc" }], [{ name: "LOG_LEVEL", value: "info" }], undefined),
});

/** Pods with mistakes of every kind. */
const specs = fc.tuple(pods, fc.array(extras, { minLength: 4, maxLength: 4 })).map(([{ spec }, more]) => {
  const containers = (spec["containers"] as Json[]).map((item, index) => ({ ...item, ...more[index] }));
  return { ...spec, containers };
});

const relative = (lines: readonly string[], base: string) =>
  lines.map((line) => line.replaceAll(`${base}.`, "")).sort();

describe("the verdict about a pod", () => {
  it("is the same whichever kind wraps it: Pod, Deployment, CronJob and the others", () => {
    fc.assert(
      fc.property(specs, fc.constantFrom(...POLICIES), (spec, policy) => {
        const expected = relative(judge(policy, workload(spec, "Pod")), podPath("Pod"));
        for (const kind of Object.keys(POD_KINDS) as Kind[]) {
          assert.deepEqual(relative(judge(policy, workload(spec, kind)), podPath(kind)), expected, kind);
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("is the same however its containers are ordered", () => {
    fc.assert(
      fc.property(specs, fc.constantFrom(...POLICIES), (spec, policy) => {
        const last = spec.containers.length - 1;
        const reversed = { ...spec, containers: spec.containers.toReversed() };
        const renumbered = judge(policy, workload(reversed)).map((line) =>
          line.replace(/spec\.containers\[(\d+)\]/, (_, index) => `spec.containers[${last - Number(index)}]`),
        );
        assert.deepEqual(renumbered.sort(), judge(policy, workload(spec)).sort());
      }),
      { numRuns: 1000 },
    );
  });

  it("is the server's", async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(specs, fc.constantFrom(...(Object.keys(POD_KINDS) as Kind[])), async (spec, kind) => {
        const resource = workload(spec, kind);
        for (const policy of [podHardened, noHost]) {
          const served = (await verdict(policy.name, resource)).map((line) =>
            line.replace(/^(?:mandatory|advisory) /, ""),
          );
          assert.deepEqual(served, judge(policy, resource));
        }
      }),
      { numRuns: 30 },
    );
  });
});
