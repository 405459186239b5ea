import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { ecsContainer, taskDefinition } from "../testing/fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { secretAwsStore } from "./secret-aws-store.ts";

const POLICY = "secret-aws-store";
const ARN = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:worldstore/prod/KEY";
const KEY = "arn:aws:kms:eu-central-1:111122223333:key/1";
const AT = "containerDefinitions[0].secrets[0].valueFrom";

const reference = (valueFrom: unknown) =>
  verdict(POLICY, taskDefinition([ecsContainer({ secrets: [{ name: "KEY", valueFrom }] })]));
const secret = (properties: Record<string, unknown>, parameters = {}) =>
  verdict(
    POLICY,
    { type: "aws:secretsmanager/secret:Secret", properties: { kmsKeyId: KEY, ...properties } },
    { [POLICY]: { parameters } },
  );
const parameter = (properties: Record<string, unknown>) =>
  verdict(POLICY, { type: "aws:ssm/parameter:Parameter", properties });

describe("POL-SECRET-AWS-STORE (WS-SEC-04, EB-SEC-02, EB-SEC-22, AR-SEC-09)", () => {
  it("accepts ARNs of both stores, with a JSON key too", async () => {
    const parameters = "arn:aws-cn:ssm:cn-north-1:111122223333:parameter/app/key";
    for (const arn of [ARN, `${ARN}-a1b2c3`, `${ARN}:url::`, parameters]) {
      assert.deepEqual(await reference(arn), [], arn);
    }
    assert.deepEqual(await secret({}), []);
    assert.deepEqual(await verdict(POLICY, taskDefinition()), []);
  });

  it("says what is wrong and what to do, without the value", async () => {
    const task = taskDefinition([ecsContainer({ secrets: [{ name: "KEY", valueFrom: "correct horse" }] })]);
    assert.deepEqual(await firstReport(POLICY, task), [
      "mandatory",
      "POL-SECRET-AWS-STORE: ECS secrets by reference to Secrets Manager or SSM SecureString",
      "  resource: payment-server (aws:ecs/taskDefinition:TaskDefinition)",
      `  property: ${AT}`,
      "  found:    a value that is no ARN (hidden)",
      "  expected: the ARN of a secret in Secrets Manager or of a parameter of SSM",
      "  fix:      Keep the value in Secrets Manager under a customer key, and name it by its ARN.",
      "  required: WS-SEC-04, EB-SEC-02, EB-SEC-22, AR-SEC-09; PCI DSS 3.5.1, 8.6.2; SOC 2 CC6.1",
    ]);
  });

  it("rejects references that are none, or to something else", async () => {
    assert.deepEqual(await reference(undefined), [`mandatory ${AT}: nothing`]);
    assert.deepEqual(await reference("KEY"), [`mandatory ${AT}: a value that is no ARN (hidden)`]);
    assert.deepEqual(await reference("arn:aws:s3:::bucket/key"), [`mandatory ${AT}: "arn:aws:s3:::bucket/key"`]);
    const container = ecsContainer({
      logConfiguration: { secretOptions: [{ name: "token", valueFrom: "x" }] },
      repositoryCredentials: { credentialsParameter: "x" },
    });
    assert.deepEqual(await verdict(POLICY, taskDefinition([container])), [
      "mandatory containerDefinitions[0].logConfiguration.secretOptions[0].valueFrom: a value that is no ARN (hidden)",
      "mandatory containerDefinitions[0].repositoryCredentials.credentialsParameter: a value that is no ARN (hidden)",
    ]);
  });

  it("rejects secrets under AWS's own key, which an absent one is", async () => {
    assert.deepEqual(await secret({ kmsKeyId: undefined }), ["mandatory kmsKeyId: nothing"]);
    assert.deepEqual(await secret({ kmsKeyId: "alias/aws/secretsmanager" }), [
      'mandatory kmsKeyId: "alias/aws/secretsmanager"',
    ]);
    assert.deepEqual(await secret({ kmsKeyId: "alias/app-secrets" }), []);
  });

  it("rejects secrets that vanish too soon", async () => {
    assert.deepEqual(await secret({ recoveryWindowInDays: 7 }), []);
    assert.deepEqual(await secret({ recoveryWindowInDays: 0 }), ["mandatory recoveryWindowInDays: 0"]);
    assert.deepEqual(await secret({ recoveryWindowInDays: 29 }, { recoveryWindowDays: 30 }), [
      "mandatory recoveryWindowInDays: 29",
    ]);
    assert.deepEqual(await secret({}, { recoveryWindowDays: 30 }), []);
  });

  it("rejects plain parameters with a secret's name or value", async () => {
    const url = `postgres://app:${"hunter2"}@postgres:5432/app`;
    assert.deepEqual(await parameter({ name: "/app/DB_PASSWORD", type: "String" }), ['mandatory type: "String"']);
    assert.deepEqual(await parameter({ name: "/app/OPTION", type: "String", value: url }), [
      'mandatory type: "String"',
    ]);
    assert.deepEqual(await parameter({ name: "/app/OPTION", insecureValue: url }), ["mandatory type: nothing"]);
    assert.deepEqual(await parameter({ name: "/app/DB_HOST", type: "String", value: "postgres" }), []);
    assert.deepEqual(await parameter({ name: "/app/DB_PASSWORD", type: "SecureString", keyId: KEY }), []);
    assert.deepEqual(await parameter({ name: "/app/DB_PASSWORD", type: "SecureString" }), ["mandatory keyId: nothing"]);
  });

  it("goes on past values that are not known yet", async () => {
    assert.deepEqual(await verdict(POLICY, taskDefinition(UNKNOWN)), ["advisory not evaluated: containerDefinitions"]);
    assert.deepEqual(await secret({ kmsKeyId: UNKNOWN, recoveryWindowInDays: 0 }), [
      "mandatory recoveryWindowInDays: 0",
      "advisory not evaluated: kmsKeyId",
    ]);
    assert.deepEqual(await parameter({ name: UNKNOWN, type: "String" }), ["advisory not evaluated: name"]);
  });

  it("remediates a recovery window that is too short", () => {
    const remediated = (properties: Record<string, unknown>, recoveryWindowDays = 7) => {
      const draft = new ResourceDraft({ type: "aws:secretsmanager/secret:Secret", name: "n" }, properties);
      secretAwsStore.remediate?.(draft, { recoveryWindowDays });
      return draft.properties;
    };
    assert.deepEqual(remediated({ recoveryWindowInDays: 0 }), { recoveryWindowInDays: 7 });
    assert.deepEqual(remediated({ recoveryWindowInDays: 0 }, 1), { recoveryWindowInDays: 7 });
    assert.deepEqual(remediated({ recoveryWindowInDays: 9 }, 30), { recoveryWindowInDays: 30 });
    assert.deepEqual(remediated({ recoveryWindowInDays: 7 }), { recoveryWindowInDays: 7 });
    assert.deepEqual(remediated({}), {});
  });
});
