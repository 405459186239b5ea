import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes, podSpec, workload } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { reportOf } from "../testing/report.ts";

const POLICY = "serviceaccount";
const POD = "spec.template.spec";

const pod = (overrides: Record<string, unknown>) => verdict(POLICY, workload(podSpec(overrides)));

describe("POL-SERVICEACCOUNT (EB-SEC-24, EB-SEC-34, AR-SEC-11)", () => {
  it("accepts an account of its own without a token, under the old name too", async () => {
    assert.deepEqual(await pod({}), []);
    assert.deepEqual(await pod({ serviceAccountName: undefined, serviceAccount: "agent" }), []);
    assert.deepEqual(
      await verdict(POLICY, kubernetes("core/v1:ServiceAccount", { automountServiceAccountToken: false })),
      [],
    );
  });

  it("says what is wrong and what to do", async () => {
    const report = await reportOf("serviceaccount", workload(podSpec({ serviceAccountName: "default" })));
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-SERVICEACCOUNT: Dedicated service account, token not automounted",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.serviceAccountName",
        '  found:    "default"',
        "  expected: the name of an account other than default",
        "  fix:      Give the service an account of its own and set automountServiceAccountToken: false.",
        "  required: EB-SEC-24, EB-SEC-34, AR-SEC-11; NSA C-0034; CIS Kubernetes 5.1.5, 5.1.6",
        "  more:     docs/policies/serviceaccount.md",
      ].join("\n"),
    );
  });

  it("reads an absent account as default and an absent setting as a mounted token", async () => {
    assert.deepEqual(await pod({ serviceAccountName: undefined, automountServiceAccountToken: undefined }), [
      `mandatory ${POD}.serviceAccountName: nothing`,
      `mandatory ${POD}.automountServiceAccountToken: nothing`,
    ]);
    assert.deepEqual(await verdict(POLICY, kubernetes("core/v1:ServiceAccount", {})), [
      "mandatory automountServiceAccountToken: nothing",
    ]);
  });

  it("rejects a mounted token and an empty name", async () => {
    assert.deepEqual(await pod({ serviceAccountName: "", automountServiceAccountToken: true }), [
      `mandatory ${POD}.serviceAccountName: ""`,
      `mandatory ${POD}.automountServiceAccountToken: true`,
    ]);
  });

  it("goes on past an account that is not known yet", async () => {
    assert.deepEqual(await pod({ serviceAccountName: UNKNOWN, automountServiceAccountToken: true }), [
      `mandatory ${POD}.automountServiceAccountToken: true`,
      `advisory not evaluated: ${POD}.serviceAccountName`,
    ]);
  });
});
