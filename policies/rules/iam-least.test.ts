import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { policyText } from "../testing/iam.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const POLICY = "iam-least";
const BUCKET = "arn:aws:s3:::audit/*";

const role = (statement: Record<string, unknown>, parameters = {}) =>
  verdict(
    POLICY,
    {
      type: "aws:iam/rolePolicy:RolePolicy",
      properties: { policy: policyText({ Effect: "Allow", Action: "s3:GetObject", Resource: BUCKET, ...statement }) },
    },
    { [POLICY]: { parameters } },
  );
const trust = (statement: Record<string, unknown>) =>
  verdict(POLICY, {
    type: "aws:iam/role:Role",
    properties: { assumeRolePolicy: policyText({ Effect: "Allow", Action: "sts:AssumeRole", ...statement }) },
  });
const attached = (policyArn: unknown, parameters = {}) =>
  verdict(
    POLICY,
    { type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment", properties: { policyArn } },
    { [POLICY]: { parameters } },
  );

describe("POL-IAM-LEAST (WS-SEC-47, EB-SEC-24, AR-SEC-11)", () => {
  it("accepts named actions on named resources, with wildcards within names", async () => {
    assert.deepEqual(await role({}), []);
    assert.deepEqual(
      await role({ Action: ["s3:Get*", "s3:ListBucket"], Resource: ["arn:aws:s3:::audit", BUCKET] }),
      [],
    );
    assert.deepEqual(await role({ Effect: "Deny", Action: "*", Resource: "*" }), []);
  });

  it("says what is wrong and what to do", async () => {
    const policy = policyText({ Effect: "Allow", Action: "*", Resource: "*" });
    assert.deepEqual(
      await firstReport("iam-least", { type: "aws:iam/policy:Policy", name: "admin", properties: { policy } }),
      [
        "mandatory",
        "POL-IAM-LEAST: IAM without wildcard actions and resources",
        "  resource: admin (aws:iam/policy:Policy)",
        "  property: policy.Statement[0].Action",
        "  found:    every action",
        "  expected: actions named one by one",
        "  fix:      Name the actions and the ARNs that the role needs.",
        "  required: WS-SEC-47, EB-SEC-24, AR-SEC-11; AWS FSBP IAM.1, IAM.21; PCI DSS 7.2.1, 7.2.2, 7.2.5; SOC 2 CC6.1, CC6.3",
      ],
    );
  });

  it("rejects all actions of a service, also within a list and in another case", async () => {
    assert.deepEqual(await role({ Action: ["s3:GetObject", "S3:*", "s3-object-lambda:**"] }), [
      "mandatory policy.Statement[0].Action[1]: every action of s3",
      "mandatory policy.Statement[0].Action[2]: every action of s3-object-lambda",
    ]);
  });

  it("rejects everything as a resource but for actions that can name none", async () => {
    assert.deepEqual(await role({ Resource: [BUCKET, "*"] }), [
      "mandatory policy.Statement[0].Resource[1]: s3:getobject on *",
    ]);
    const secrets = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:*";
    assert.deepEqual(
      await role({ Action: ["ec2:DescribeSubnets", "secretsmanager:GetSecretValue"], Resource: secrets }),
      [`mandatory policy.Statement[0].Resource: secretsmanager:getsecretvalue on ${secrets}`],
    );
    assert.deepEqual(await role({ Action: ["ec2:DescribeSubnets", "xray:PutTraceSegments"], Resource: "*" }), []);
    assert.deepEqual(await role({ Action: "iam:PassRole", Resource: "*" }, { openActions: ["iam:passrole"] }), []);
    assert.deepEqual(await role({ Action: "ec2:DescribeSubnets", Resource: "*" }, { openActions: [] }), [
      "mandatory policy.Statement[0].Resource: ec2:describesubnets on *",
    ]);
  });

  it("accepts everything when a condition names the tag of the resource", async () => {
    const tagged = (Condition: unknown) => role({ Resource: "*", Condition });
    assert.deepEqual(await tagged({ StringEquals: { "aws:ResourceTag/system": "worldstore" } }), []);
    for (const condition of [
      { StringNotEquals: { "aws:ResourceTag/system": "worldstore" } },
      { StringLike: { "aws:ResourceTag/system": "*" } },
      { StringEquals: { "aws:RequestedRegion": "eu-central-1" } },
    ]) {
      assert.deepEqual(await tagged(condition), ["mandatory policy.Statement[0].Resource: s3:getobject on *"]);
    }
  });

  it("rejects statements that allow all but what they name", async () => {
    assert.deepEqual(await role({ Action: undefined, NotAction: "iam:*" }), [
      "mandatory policy.Statement[0].NotAction: everything except what NotAction names",
    ]);
    assert.deepEqual(await role({ Resource: undefined, NotResource: BUCKET }), [
      "mandatory policy.Statement[0].NotResource: everything except what NotResource names",
    ]);
  });

  it("rejects roles, secrets and repositories that everyone may use", async () => {
    assert.deepEqual(await trust({ Principal: { Service: "ecs-tasks.amazonaws.com" } }), []);
    assert.deepEqual(await trust({ Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } }), []);
    assert.deepEqual(await trust({ Principal: { AWS: "*" } }), [
      "mandatory assumeRolePolicy.Statement[0].Principal.AWS: everyone, of every AWS account",
    ]);
    const properties = { policy: policyText({ Effect: "Allow", Principal: "*", Action: "ecr:BatchGetImage" }) };
    assert.deepEqual(await verdict(POLICY, { type: "aws:ecr/repositoryPolicy:RepositoryPolicy", properties }), [
      "mandatory policy.Statement[0].Principal: everyone, of every AWS account",
    ]);
    assert.deepEqual(await verdict(POLICY, { type: "aws:sqs/queue:Queue", properties }), []);
  });

  it("reads the inline policies of a role", async () => {
    const policy = policyText({ Effect: "Allow", Action: "s3:*", Resource: BUCKET });
    assert.deepEqual(
      await verdict(POLICY, { type: "aws:iam/role:Role", properties: { inlinePolicies: [{ policy }] } }),
      ["mandatory inlinePolicies[0].policy.Statement[0].Action: every action of s3"],
    );
  });

  it("rejects managed policies with all rights", async () => {
    assert.deepEqual(await attached("arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup"), []);
    for (const name of ["AdministratorAccess", "PowerUserAccess", "IAMFullAccess", "AmazonS3FullAccess"]) {
      const arn = `arn:aws:iam::aws:policy/${name}`;
      assert.deepEqual(await attached(arn), [`mandatory policyArn: "${arn}"`]);
    }
    const managedPolicyArns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/AdministratorAccess"];
    assert.deepEqual(await verdict(POLICY, { type: "aws:iam/role:Role", properties: { managedPolicyArns } }), [
      'mandatory managedPolicyArns[1]: "arn:aws:iam::aws:policy/AdministratorAccess"',
    ]);
    assert.deepEqual(await attached("arn:aws:iam::aws:policy/X", { deniedManagedPolicies: ["X"] }), [
      'mandatory policyArn: "arn:aws:iam::aws:policy/X"',
    ]);
  });

  it("says nothing about absent policies and goes on past unknown ones", async () => {
    assert.deepEqual(await verdict(POLICY, { type: "aws:iam/rolePolicy:RolePolicy", properties: {} }), []);
    assert.deepEqual(
      await verdict(POLICY, { type: "aws:iam/rolePolicy:RolePolicy", properties: { policy: UNKNOWN } }),
      ["advisory not evaluated: policy"],
    );
    assert.deepEqual(await attached(UNKNOWN), ["advisory not evaluated: policyArn"]);
    assert.deepEqual(await attached(undefined), []);
  });
});
