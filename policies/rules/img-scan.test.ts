import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { imgScan } from "./img-scan.ts";

const POLICY = "img-scan";
const GOOD = {
  name: "agent",
  imageScanningConfiguration: { scanOnPush: true },
  imageTagMutability: "IMMUTABLE",
  encryptionConfigurations: [{ encryptionType: "KMS" }],
};

const repository = (overrides: Record<string, unknown> = {}): TestResource => ({
  type: "aws:ecr/repository:Repository",
  name: "agent",
  properties: { ...GOOD, ...overrides },
});
const lifecycle = (name: unknown, dependencies: string[] = []): TestResource => ({
  type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
  properties: { repository: name },
  propertyDependencies: { repository: dependencies },
});
const judge = (overrides: Record<string, unknown>, parameters = {}) =>
  verdict(POLICY, repository(overrides), { [POLICY]: { parameters } });

describe("POL-IMG-SCAN (EB-SEC-25, EB-SEC-33, AR-SEC-12)", () => {
  it("accepts a repository that scans on push, keeps its tags and is encrypted with a key", async () => {
    assert.deepEqual(await judge({}), []);
    assert.deepEqual(await judge({ encryptionConfigurations: [{ encryptionType: "KMS_DSSE" }] }), []);
    assert.deepEqual(await verdict(POLICY, { type: "aws:ecrpublic/repository:Repository", properties: {} }), []);
  });

  it("reads absent settings as the lax defaults of AWS", async () => {
    assert.deepEqual(await verdict(POLICY, { ...repository(), properties: {} }), [
      "mandatory imageScanningConfiguration.scanOnPush: nothing",
      "mandatory imageTagMutability: nothing",
      "mandatory encryptionConfigurations: nothing",
    ]);
  });

  it("rejects repositories that do not scan, let tags move or have no key", async () => {
    assert.deepEqual(await judge({ imageScanningConfiguration: { scanOnPush: false } }), [
      "mandatory imageScanningConfiguration.scanOnPush: false",
    ]);
    for (const value of ["MUTABLE", "IMMUTABLE_WITH_EXCLUSION"]) {
      assert.deepEqual(await judge({ imageTagMutability: value }), [`mandatory imageTagMutability: "${value}"`]);
    }
    const encryptionConfigurations = [{ encryptionType: "AES256" }];
    assert.deepEqual(await judge({ encryptionConfigurations }), [
      'mandatory encryptionConfigurations[0].encryptionType: "AES256"',
    ]);
    assert.deepEqual(await judge({ encryptionConfigurations: [{}] }), [
      "mandatory encryptionConfigurations[0].encryptionType: nothing",
    ]);
    assert.deepEqual(await judge({ encryptionConfigurations }, { requireKms: false }), []);
  });

  it("reports what is not known yet and goes on", async () => {
    assert.deepEqual(await judge({ imageScanningConfiguration: UNKNOWN, imageTagMutability: "MUTABLE" }), [
      'mandatory imageTagMutability: "MUTABLE"',
      "advisory not evaluated: imageScanningConfiguration",
    ]);
    assert.deepEqual(await judge({ encryptionConfigurations: UNKNOWN }), [
      "advisory not evaluated: encryptionConfigurations",
    ]);
  });

  it("demands a lifecycle policy, named or not known yet", async () => {
    const missing = ["mandatory the resource itself: a repository without a lifecycle policy"];
    assert.deepEqual(await stackVerdict(POLICY, [repository()]), missing);
    assert.deepEqual(await stackVerdict(POLICY, [repository(), lifecycle("other")]), missing);
    assert.deepEqual(await stackVerdict(POLICY, [repository(), lifecycle("agent")]), []);
    assert.deepEqual(await stackVerdict(POLICY, [repository(), lifecycle(UNKNOWN, [urnOf(repository())])]), []);
  });

  it("remedies scanning and tags", () => {
    const loose = repository({ imageScanningConfiguration: undefined, imageTagMutability: "MUTABLE" });
    assert.deepEqual(verdictRemediated(imgScan, loose), { verdict: [], idempotent: true });
    assert.deepEqual(remediated(imgScan, repository()), repository());
    assert.deepEqual(remediated(imgScan, lifecycle("agent")), lifecycle("agent"));
  });
});
