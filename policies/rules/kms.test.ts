import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { policyText } from "../testing/iam.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { kms } from "./kms.ts";

const POLICY = "kms";
const ACCOUNT = "arn:aws:iam::111122223333:root";

const key = (properties: Record<string, unknown>, parameters = {}, type = "aws:kms/key:Key") =>
  verdict(POLICY, { type, properties: { enableKeyRotation: true, ...properties } }, { [POLICY]: { parameters } });
const role = (statement: Record<string, unknown>) =>
  verdict(POLICY, {
    type: "aws:iam/rolePolicy:RolePolicy",
    properties: { policy: policyText({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*", ...statement }) },
  });
const remediated = (properties: Record<string, unknown>, type = "aws:kms/key:Key") => {
  const draft = new ResourceDraft({ type, name: "key" }, structuredClone(properties));
  kms.remediate?.(draft, { deletionWindowDays: 7, keyStorePurposes: [] });
  return draft.properties;
};

describe("POL-KMS (WS-SEC-09, WS-SEC-38)", () => {
  it("accepts keys that rotate and wait before they vanish", async () => {
    assert.deepEqual(await key({}), []);
    assert.deepEqual(await key({ deletionWindowInDays: 7 }), []);
    const policy = policyText({ Effect: "Allow", Principal: { AWS: ACCOUNT }, Action: "kms:*", Resource: "*" });
    assert.deepEqual(await key({ policy }), []);
  });

  it("says what is wrong and what to do", async () => {
    assert.deepEqual(
      await firstReport("kms", { type: "aws:kms/key:Key", name: "data", properties: { enableKeyRotation: false } }),
      [
        "mandatory",
        "POL-KMS: Customer managed KMS keys with rotation",
        "  resource: data (aws:kms/key:Key)",
        "  property: enableKeyRotation",
        "  found:    false",
        "  expected: true",
        "  fix:      Enable the rotation of the key, give it a deletion window, and name who may use it in its policy.",
        "  required: WS-SEC-09, WS-SEC-38; AWS FSBP KMS.1, KMS.2, KMS.4, KMS.5; PCI DSS 3.6.1, 3.7.4; SOC 2 CC6.1",
      ],
    );
  });

  it("reads an absent rotation as none, which only symmetric keys of KMS's own store can have", async () => {
    assert.deepEqual(await key({ enableKeyRotation: undefined }), ["mandatory enableKeyRotation: nothing"]);
    const off = { enableKeyRotation: false };
    assert.deepEqual(await key({ ...off, customerMasterKeySpec: "SYMMETRIC_DEFAULT", keyUsage: "ENCRYPT_DECRYPT" }), [
      "mandatory enableKeyRotation: false",
    ]);
    assert.deepEqual(await key({ ...off, customerMasterKeySpec: "RSA_4096" }), []);
    assert.deepEqual(await key({ ...off, keyUsage: "GENERATE_VERIFY_MAC" }), []);
    assert.deepEqual(await key({ ...off, customKeyStoreId: "cks-1" }), []);
    assert.deepEqual(await key(off, {}, "aws:kms/replicaKey:ReplicaKey"), []);
  });

  it("rejects short deletion windows and keys without the check of their policy", async () => {
    assert.deepEqual(await key({ deletionWindowInDays: 6 }), ["mandatory deletionWindowInDays: 6"]);
    assert.deepEqual(await key({ deletionWindowInDays: 29 }, { deletionWindowDays: 30 }), [
      "mandatory deletionWindowInDays: 29",
    ]);
    assert.deepEqual(await key({}, { deletionWindowDays: 30 }), []);
    assert.deepEqual(await key({ deletionWindowInDays: 6 }, {}, "aws:kms/externalKey:ExternalKey"), [
      "mandatory deletionWindowInDays: 6",
    ]);
    assert.deepEqual(await key({ bypassPolicyLockoutSafetyCheck: true }), [
      "mandatory bypassPolicyLockoutSafetyCheck: true",
    ]);
    assert.deepEqual(await key({ bypassPolicyLockoutSafetyCheck: false }), []);
  });

  it("rejects keys that everyone may use", async () => {
    const statement = { Effect: "Allow", Principal: { AWS: "*" }, Action: "kms:Decrypt", Resource: "*" };
    assert.deepEqual(await key({ policy: policyText(statement) }), [
      "mandatory policy.Statement[0].Principal.AWS: everyone, of every AWS account",
    ]);
    const Condition = { StringEquals: { "kms:CallerAccount": "111122223333" } };
    assert.deepEqual(await key({ policy: policyText({ ...statement, Condition }) }), []);
    const properties = { policy: policyText(statement) };
    assert.deepEqual(await verdict(POLICY, { type: "aws:kms/keyPolicy:KeyPolicy", properties }), [
      "mandatory policy.Statement[0].Principal.AWS: everyone, of every AWS account",
    ]);
    assert.deepEqual(await verdict(POLICY, { type: "aws:sqs/queue:Queue", properties }), []);
  });

  it("rejects identities that may decrypt with every key", async () => {
    assert.deepEqual(await role({}), ["mandatory policy.Statement[0].Resource: kms:decrypt on *"]);
    const all = "arn:aws:kms:*:111122223333:key/*";
    assert.deepEqual(await role({ Action: ["s3:GetObject", "kms:ReEncrypt*"], Resource: ["x", all] }), [
      `mandatory policy.Statement[0].Resource[1]: kms:reencrypt* on ${all}`,
    ]);
    assert.deepEqual(await role({ Action: "*" }), ["mandatory policy.Statement[0].Resource: * on *"]);
    assert.deepEqual(await role({ Action: "*", Resource: "arn:aws:s3:::*" }), []);
    assert.deepEqual(await role({ Action: "kms:DescribeKey" }), []);
    assert.deepEqual(await role({ Resource: "arn:aws:kms:eu-central-1:111122223333:key/1" }), []);
    assert.deepEqual(await role({ Effect: "Deny" }), []);
  });

  it("asks for a key store where its configuration says so", async () => {
    const parameters = { keyStorePurposes: ["secrets"] };
    const tags = { purpose: "secrets" };
    assert.deepEqual(await key({ tags }, parameters), ["mandatory customKeyStoreId: nothing"]);
    assert.deepEqual(await key({ tags, customKeyStoreId: "cks-1" }, parameters), []);
    assert.deepEqual(await key({ tags: { purpose: "data" } }, parameters), []);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await key({ enableKeyRotation: UNKNOWN, deletionWindowInDays: 1, policy: UNKNOWN }), [
      "mandatory deletionWindowInDays: 1",
      "advisory not evaluated: enableKeyRotation",
      "advisory not evaluated: policy",
    ]);
  });

  it("remediates the rotation and a short window, and nothing else", () => {
    assert.deepEqual(remediated({ deletionWindowInDays: 3 }), { deletionWindowInDays: 7, enableKeyRotation: true });
    for (const right of [
      { enableKeyRotation: true, deletionWindowInDays: 30 },
      { customerMasterKeySpec: "ECC_NIST_P256" },
      { customKeyStoreId: "cks-1" },
      { enableKeyRotation: true, deletionWindowInDays: 7 },
    ]) {
      assert.deepEqual(remediated(right), right);
    }
    assert.deepEqual(remediated({}, "aws:kms/alias:Alias"), {});
  });
});
