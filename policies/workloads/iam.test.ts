import assert from "node:assert/strict";
import { Check } from "../frame/check.ts";
import { Field } from "../frame/field.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { policyText } from "../testing/iam.ts";
import { covers, isEverything, policiesOf, publicPart, statementsOf } from "./iam.ts";

const resource = (type: string, properties: Record<string, unknown>) => ({
  urn: "urn:pulumi:test::p::t::n",
  type,
  name: "n",
  properties: Field.root(properties),
});

function read(policy: unknown) {
  const subject = resource("aws:sqs/queue:Queue", { policy });
  const check = new Check(subject);
  const statements = policiesOf(subject).flatMap((document) => statementsOf(check, document));
  return { check, statements };
}

/** The path of what makes the one statement public. */
function open(statement: Record<string, unknown>): string | undefined {
  const { check, statements } = read(policyText({ Effect: "Allow", Principal: "*", Action: "sqs:*", ...statement }));
  return statements.map((one) => publicPart(check, one)?.path)[0];
}

describe("JSON policies", () => {
  it("are found on what carries them, also the ones within a role", () => {
    const role = resource("aws:iam/role:Role", { assumeRolePolicy: "{}", inlinePolicies: [{ policy: "{}" }, {}] });
    assert.deepEqual(
      policiesOf(role).map(({ use, field }) => `${use} ${field.path}`),
      ["trust assumeRolePolicy", "identity inlinePolicies[0].policy"],
    );
    assert.deepEqual(policiesOf(resource("aws:kms/key:Key", {})), []);
    assert.deepEqual(policiesOf(resource("aws:kms/key:Key", { policy: "" })), []);
    assert.deepEqual(policiesOf(resource("toString", { policy: "{}" })), []);
  });

  it("are read with one statement or many, one word or many, and keys in any case", () => {
    const statement = {
      effect: "Allow",
      principal: { AWS: "a", Service: ["b"] },
      ACTION: "SQS:Send*",
      resource: ["r"],
    };
    for (const policy of [
      { Statement: statement },
      { statement: [statement] },
      JSON.stringify({ Statement: statement }),
    ]) {
      const [one, ...others] = read(policy).statements;
      assert.deepEqual(others, []);
      assert.equal(one?.allows, true);
      assert.deepEqual(
        one.actions.map(({ text }) => text),
        ["sqs:send*"],
      );
      assert.deepEqual(
        one.resources.map(({ text }) => text),
        ["r"],
      );
      assert.deepEqual(
        one.principals.map(({ text }) => text),
        ["a", "b"],
      );
    }
    assert.equal(read(policyText({ Effect: "Deny" })).statements[0]?.allows, false);
    assert.equal(read(policyText({ Effect: "deny" })).statements[0]?.allows, true);
  });

  it("say where each word stands", () => {
    const [one, two] = read(policyText({ Action: ["a", "b"] }, { Action: "c", NotResource: "r" })).statements;
    assert.equal(one?.actions[1]?.field.path, "policy.Statement[0].Action[1]");
    assert.equal(two?.actions[0]?.field.path, "policy.Statement[1].Action");
    assert.deepEqual(
      two.inverted.map(({ path }) => path),
      ["policy.Statement[1].NotResource"],
    );
  });

  it("report what is unknown or cannot be read, and go on", () => {
    assert.deepEqual(read(UNKNOWN).check.notEvaluated, ["policy"]);
    const parts = { Statement: [UNKNOWN, { Action: UNKNOWN, Principal: UNKNOWN, Resource: ["r", UNKNOWN] }] };
    const { check, statements } = read(parts);
    assert.deepEqual(
      statements[0]?.resources.map(({ text }) => text),
      [],
    );
    assert.deepEqual(
      statements[1]?.resources.map(({ text }) => text),
      ["r"],
    );
    assert.deepEqual(check.notEvaluated, [
      "policy.Statement[0]",
      "policy.Statement[1].Action",
      "policy.Statement[1].Resource[1]",
      "policy.Statement[1].Principal",
    ]);
    for (const text of ["{", "[]", "7", 7]) {
      assert.deepEqual(
        read(text).check.findings.map(({ found }) => found),
        ["text that cannot be read"],
      );
    }
  });

  it("are public when they allow everyone and no condition narrows that", () => {
    const at = "policy.Statement[0].Principal";
    assert.equal(open({}), at);
    assert.equal(open({ Principal: { AWS: "*" } }), `${at}.AWS`);
    assert.equal(open({ Principal: { AWS: ["arn:aws:iam::1:root", "*"] } }), `${at}.AWS[1]`);
    assert.equal(open({ Principal: undefined, NotPrincipal: { AWS: "a" } }), "policy.Statement[0].NotPrincipal");
    assert.equal(open({ Principal: { AWS: "arn:aws:iam::1:root" } }), undefined);
    assert.equal(open({ Effect: "Deny" }), undefined);
    assert.equal(open({ Principal: undefined }), undefined);
  });

  it("are narrowed only by keys, operators and values that tie them to someone", () => {
    const narrow = (operator: string, key: string, value: unknown) =>
      open({ Condition: { [operator]: { [key]: value } } });
    assert.equal(narrow("StringEquals", "aws:SourceAccount", "1"), undefined);
    assert.equal(narrow("StringEquals", "AWS:SOURCEACCOUNT", ["1", "2"]), undefined);
    assert.equal(narrow("ForAnyValue:ArnLike", "aws:SourceArn", "arn:aws:sns:eu-central-1:1:*"), undefined);
    assert.equal(narrow("IpAddress", "aws:SourceIp", "10.0.0.0/8"), undefined);
    for (const [operator, key, value] of [
      ["StringEqualsIfExists", "aws:SourceAccount", "1"],
      ["ForAllValues:StringEquals", "aws:SourceAccount", "1"],
      ["StringNotEquals", "aws:SourceAccount", "1"],
      ["StringLike", "aws:SourceAccount", "*"],
      ["StringEquals", "aws:SourceAccount", []],
      ["StringEquals", "aws:SourceAccount", ["1", "*"]],
      ["IpAddress", "aws:SourceIp", "0.0.0.0/0"],
      ["ArnLike", "aws:SourceArn", "arn:*:*:*:*:*"],
      ["Bool", "aws:SecureTransport", "true"],
      ["Bool", "elasticfilesystem:AccessedViaMountTarget", "false"],
    ] as const) {
      assert.equal(
        narrow(operator, key, value),
        "policy.Statement[0].Principal",
        `${operator} ${key} ${String(value)}`,
      );
    }
    const unknown = read({ Statement: [{ Principal: "*", Condition: UNKNOWN }] });
    assert.equal(unknown.statements.map((one) => publicPart(unknown.check, one))[0], undefined);
    assert.deepEqual(unknown.check.notEvaluated, ["policy.Statement[0].Condition"]);
  });

  it("cover actions through wildcards", () => {
    assert.equal(covers("kms:*", ["kms:decrypt"]), true);
    assert.equal(covers("kms:De?rypt", ["kms:decrypt"]), true);
    assert.equal(covers("kms:decrypt", ["kms:decrypt"]), true);
    assert.equal(covers("kms:Encrypt*", ["kms:decrypt", "kms:reencryptfrom"]), false);
    assert.equal(covers("kms.decrypt", ["kms:decrypt"]), false);
  });

  it("tell a resource that stands for everything from named ones", () => {
    for (const all of [
      "*",
      "arn:aws:s3:::*",
      "arn:aws:kms:*:*:key/*",
      "arn:aws:secretsmanager:r:1:secret:*",
      "arn:aws:logs:r:1:log-group:*:*",
    ]) {
      assert.equal(isEverything(all), true, all);
    }
    for (const some of [
      "arn:aws:s3:::bucket/*",
      "arn:aws:secretsmanager:r:1:secret:worldstore/*",
      "arn:aws:logs:r:1:log-group:/a:*",
    ]) {
      assert.equal(isEverything(some), false, some);
    }
  });
});
