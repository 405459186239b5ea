import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { reportOf } from "../testing/report.ts";

const POLICY = "secret-sealed";
const plain = (properties: Record<string, unknown>) => verdict(POLICY, kubernetes("core/v1:Secret", properties));
const sealed = (spec: unknown) => verdict(POLICY, kubernetes("bitnami.com/v1alpha1:SealedSecret", { spec }));

describe("POL-SECRET-SEALED (WS-SEC-05, EB-SEC-02, EB-SEC-22, AR-SEC-09, AR-SEC-29)", () => {
  it("accepts sealed and external secrets, and templates over sealed values", async () => {
    assert.deepEqual(await sealed({ encryptedData: { WALLET_KEY: "AgB" } }), []);
    assert.deepEqual(await sealed({ template: { data: { URL: "redis://:{{ .password }}@redis:6380" } } }), []);
    assert.deepEqual(await verdict(POLICY, kubernetes("external-secrets.io/v1:ExternalSecret", { spec: {} })), []);
  });

  it("says what is wrong and what to do, without the values", async () => {
    const resource = kubernetes("core/v1:Secret", { stringData: { WALLET_KEY: "one", API_KEY: "two" } }, "agent");
    const report = await reportOf("secret-sealed", resource);
    assert.equal(report?.level, "mandatory");
    assert.equal(
      report.message,
      [
        "POL-SECRET-SEALED: Kubernetes secrets only through SealedSecret or ExternalSecret",
        "  resource: agent (kubernetes:core/v1:Secret)",
        "  property: stringData",
        "  found:    a plain Secret with the keys API_KEY, WALLET_KEY",
        "  expected: a SealedSecret or an ExternalSecret",
        "  fix:      Seal the values into a SealedSecret (bitnami.com/v1alpha1), or let an ExternalSecret fetch them.",
        "  required: WS-SEC-05, EB-SEC-02, EB-SEC-22, AR-SEC-09, AR-SEC-29; CIS Kubernetes 5.4.2",
        "  more:     docs/policies/secret-sealed.md",
      ].join("\n"),
    );
  });

  it("rejects data whose values are not known yet, because the keys are", async () => {
    assert.deepEqual(await plain({ data: { key: UNKNOWN } }), ["mandatory data: a plain Secret with the key key"]);
    assert.deepEqual(await plain({ data: UNKNOWN }), ["advisory not evaluated: data"]);
  });

  it("accepts a Secret without data, and types that the cluster fills in", async () => {
    assert.deepEqual(await plain({}), []);
    assert.deepEqual(await plain({ data: {} }), []);
    assert.deepEqual(await plain({ type: "kubernetes.io/service-account-token", data: { token: "eA==" } }), []);
  });

  it("accepts a TLS Secret only when cert-manager owns it", async () => {
    const tls = { type: "kubernetes.io/tls", data: { "tls.key": "eA==" } };
    const annotations = { "cert-manager.io/certificate-name": "edge" };
    assert.deepEqual(await plain(tls), ["mandatory data: a plain Secret with the key tls.key"]);
    assert.deepEqual(await plain({ ...tls, metadata: { annotations } }), []);
  });

  it("rejects plain values in a SealedSecret's template, and patches", async () => {
    assert.deepEqual(await sealed({ template: { data: { TOKEN: "x", OTHER: UNKNOWN } } }), [
      "mandatory spec.template.data.TOKEN: the plain key TOKEN",
      "advisory not evaluated: spec.template.data.OTHER",
    ]);
    assert.deepEqual(await verdict(POLICY, kubernetes("core/v1:SecretPatch", { data: { a: "eA==" } })), [
      "mandatory data: a plain Secret with the key a",
    ]);
  });
});
