import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { kubernetes } from "../testing/fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { secretRotation } from "./secret-rotation.ts";

const POLICY = "secret-rotation";
const TYPE = "aws:secretsmanager/secret:Secret";

const secret = (properties: Record<string, unknown>): TestResource => ({
  type: TYPE,
  properties: { name: "worldstore/prod/API_KEY", ...properties },
});
const rotation = (rotationRules: unknown, dependencies = { secretId: [urnOf({ type: TYPE })] }): TestResource => ({
  type: "aws:secretsmanager/secretRotation:SecretRotation",
  properties: { secretId: UNKNOWN, rotationRules },
  propertyDependencies: dependencies,
});
const tagged = (tags: unknown, name?: unknown, parameters = {}) =>
  stackVerdict(POLICY, [secret({ tags, ...(name !== undefined && { name }) })], { [POLICY]: { parameters } });
const sealed = (encryptedData: unknown, annotations: unknown = {}, parameters = {}) =>
  verdict(
    POLICY,
    kubernetes("bitnami.com/v1alpha1:SealedSecret", { metadata: { annotations }, spec: { encryptedData } }),
    { [POLICY]: { parameters } },
  );
const note = (key: string) => `metadata.annotations["rotation.agent-commerce/${key}"]`;

describe("POL-SECRET-ROTATION (WS-SEC-10, EB-SEC-22, EB-SEC-32, RB-SEC-13)", () => {
  it("accepts secrets that a function rotates, by days or by schedule", async () => {
    assert.deepEqual(await stackVerdict(POLICY, [secret({}), rotation({ automaticallyAfterDays: 90 })]), []);
    assert.deepEqual(await stackVerdict(POLICY, [secret({}), rotation({ scheduleExpression: "rate(10 days)" })]), []);
  });

  it("says what is wrong and what to do", async () => {
    assert.deepEqual(await firstReport(POLICY, secret({})), [
      "mandatory",
      "POL-SECRET-ROTATION: Secrets have a rotation schedule or dated annotation",
      "  resource: subject (aws:secretsmanager/secret:Secret)",
      "  property: tags.rotation",
      "  found:    nothing",
      '  expected: a SecretRotation, or at most "90 d"; "never" with a reason only for WALLET_KEY, ENCRYPTION_KEY, FIELD_ENCRYPTION_KEY, tls.key',
      "  fix:      Rotate the secret by a function (SecretRotation), or say in its tag or annotation how often people do.",
      "  required: WS-SEC-10, EB-SEC-22, EB-SEC-32, RB-SEC-13; AWS FSBP SecretsManager.1, SecretsManager.4; PCI DSS 8.3.9, 8.6.3; SOC 2 CC6.1",
    ]);
  });

  it("rejects rotations that are too rare or say nothing, or are another secret's", async () => {
    const rules = (given: unknown) => verdict(POLICY, rotation(given));
    assert.deepEqual(await rules({ automaticallyAfterDays: 91 }), [
      "mandatory rotationRules.automaticallyAfterDays: 91",
    ]);
    assert.deepEqual(await rules({ automaticallyAfterDays: 0 }), ["mandatory rotationRules.automaticallyAfterDays: 0"]);
    assert.deepEqual(await rules({}), ["mandatory rotationRules.automaticallyAfterDays: nothing"]);
    assert.deepEqual(await rules({ scheduleExpression: "rate(91 days)" }), [
      'mandatory rotationRules.scheduleExpression: "rate(91 days)"',
    ]);
    assert.deepEqual(await rules({ scheduleExpression: "rate(90 days)" }), []);
    assert.deepEqual(await rules({ scheduleExpression: "soon" }), [
      'mandatory rotationRules.scheduleExpression: "soon"',
    ]);
    const other = rotation({ automaticallyAfterDays: 30 }, { secretId: [] });
    assert.deepEqual(await stackVerdict(POLICY, [secret({}), other]), ["mandatory tags.rotation: nothing"]);
  });

  it("accepts a length of time in the tag, not too long", async () => {
    for (const time of ["90 d", "90d", "1 day", "30 days"]) {
      assert.deepEqual(await tagged({ rotation: time }), [], time);
    }
    for (const time of ["91 d", "0 d", "90", "often", "3 months"]) {
      assert.deepEqual(await tagged({ rotation: time }), [`mandatory tags.rotation: "${time}"`]);
    }
    assert.deepEqual(await tagged({ rotation: "31 d" }, undefined, { maxAgeDays: 30 }), [
      'mandatory tags.rotation: "31 d"',
    ]);
  });

  it("accepts never only for secrets that must stay, with a reason", async () => {
    const never = { rotation: "never", "rotation-reason": "identity" };
    assert.deepEqual(await tagged(never, "worldstore/prod/WALLET_KEY_0"), []);
    assert.deepEqual(await tagged(never, "ENCRYPTION_KEY"), []);
    assert.deepEqual(await tagged({ rotation: "never" }, "ENCRYPTION_KEY"), ['mandatory tags.rotation: "never"']);
    assert.deepEqual(await tagged({ ...never, rotation: "x" }, "ENCRYPTION_KEY"), ['mandatory tags.rotation: "x"']);
    assert.deepEqual(await tagged(never), ['mandatory tags.rotation: "never"']);
    assert.deepEqual(await tagged(never, "a/API_KEY", { neverRotated: ["API_KEY"] }), []);
  });

  it("can demand a function for every other secret", async () => {
    const parameters = { automatic: true };
    assert.deepEqual(await tagged({ rotation: "30 d" }, undefined, parameters), ['mandatory tags.rotation: "30 d"']);
    assert.deepEqual(await tagged({ rotation: "never", "rotation-reason": "x" }, "WALLET_KEY", parameters), []);
  });

  it("asks sealed and external secrets for an annotation of each secret value", async () => {
    assert.deepEqual(
      await sealed({ API_KEY: "x", DATABASE_URL: "x", MONGODB_URI: "x", OTHER_URL: "x", WALLET_KEY: "x" }),
      [
        `mandatory ${note("API_KEY")}: nothing`,
        `mandatory ${note("DATABASE_URL")}: nothing`,
        `mandatory ${note("MONGODB_URI")}: nothing`,
      ],
    );
    assert.deepEqual(await sealed({ API_KEY: "x" }, { "rotation.agent-commerce/API_KEY": "90 d" }), []);
    assert.deepEqual(await sealed({ API_KEY: "x" }, { "rotation.agent-commerce/API_KEY": "91 d" }), [
      `mandatory ${note("API_KEY")}: "91 d"`,
    ]);
    assert.deepEqual(await sealed({ "tls.key": "x", "tls.crt": "x" }), []);
    assert.deepEqual(await sealed({ API_KEY: "x" }, {}, { neverRotated: ["API_KEY"] }), []);
    const data = [{ secretKey: "API_KEY" }, { secretKey: UNKNOWN }];
    assert.deepEqual(
      await verdict(POLICY, kubernetes("external-secrets.io/v1beta1:ExternalSecret", { spec: { data } })),
      [`mandatory ${note("API_KEY")}: nothing`, "advisory not evaluated: spec.data[1].secretKey"],
    );
    assert.deepEqual(await verdict(POLICY, kubernetes("core/v1:ConfigMap", { spec: { data } })), []);
  });

  it("waits for values that are not known yet", async () => {
    assert.deepEqual(await tagged({ rotation: UNKNOWN }), ["advisory not evaluated: tags.rotation"]);
    assert.deepEqual(await tagged({}, UNKNOWN), ["advisory not evaluated: name"]);
    assert.deepEqual(await sealed(UNKNOWN), ["advisory not evaluated: spec.encryptedData"]);
    assert.deepEqual(await verdict(POLICY, rotation(UNKNOWN)), ["advisory not evaluated: rotationRules"]);
  });

  it("remediates a rotation that is too rare", () => {
    const remediated = (type: string, days: unknown) => {
      const draft = new ResourceDraft({ type, name: "n" }, { rotationRules: { automaticallyAfterDays: days } });
      secretRotation.remediate?.(draft, { maxAgeDays: 90, neverRotated: [], automatic: false });
      return (draft.properties["rotationRules"] as Record<string, unknown>)["automaticallyAfterDays"];
    };
    assert.equal(remediated(rotation({}).type, 365), 90);
    assert.equal(remediated(rotation({}).type, 90), 90);
    assert.equal(remediated(rotation({}).type, UNKNOWN), UNKNOWN);
    assert.equal(remediated(TYPE, 365), 365);
  });
});
