import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const attachment = (properties: Record<string, unknown>, type = "aws:iam/policyAttachment:PolicyAttachment") =>
  verdict("aws-iam", { type, properties });

describe("POL-AWS-IAM (WS-SEC-47)", () => {
  it("accepts policies of roles and groups, and users without any", async () => {
    assert.deepEqual(await attachment({ roles: ["agent"], groups: ["people"] }), []);
    assert.deepEqual(await attachment({ users: [] }), []);
    assert.deepEqual(await attachment({ name: "someone" }, "aws:iam/user:User"), []);
  });

  it("says what is wrong and what to do", async () => {
    const properties = { user: "someone" };
    assert.deepEqual(await firstReport("aws-iam", { type: "aws:iam/userPolicy:UserPolicy", name: "own", properties }), [
      "mandatory",
      "POL-AWS-IAM: IAM users have neither policies nor keys of their own",
      "  resource: own (aws:iam/userPolicy:UserPolicy)",
      "  property: user",
      '  found:    "someone"',
      "  expected: no user: a role or a group",
      "  fix:      Give the rights to a role or a group, and let the user take it.",
      "  required: WS-SEC-47; AWS FSBP IAM.2; PCI DSS 7.2.1; SOC 2 CC6.3",
    ]);
  });

  it("rejects users with policies, inline and attached, and their keys", async () => {
    assert.deepEqual(await attachment({ users: ["a", "b"] }), ['mandatory users: ["a", "b"]']);
    assert.deepEqual(await attachment({ user: "a" }, "aws:iam/userPolicyAttachment:UserPolicyAttachment"), [
      'mandatory user: "a"',
    ]);
    assert.deepEqual(await attachment({ user: "a" }, "aws:iam/accessKey:AccessKey"), ['mandatory user: "a"']);
  });

  it("waits for users that are not known yet", async () => {
    assert.deepEqual(await attachment({ users: UNKNOWN }), ["advisory not evaluated: users"]);
  });
});
