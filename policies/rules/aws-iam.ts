import { definePolicy } from "../frame/policy.ts";

/** What gives a user rights directly, and the property that names the user. */
const USER_RIGHTS: Readonly<Record<string, string>> = {
  "aws:iam/userPolicy:UserPolicy": "user",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "user",
  "aws:iam/policyAttachment:PolicyAttachment": "users",
};

/** People and programs act through groups and roles; a user with rights of its own is seen by nobody. */
export const awsIam = definePolicy({
  id: "POL-AWS-IAM",
  title: "IAM users have neither policies nor keys of their own",
  severity: "medium",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["IAM.2"], pci: ["7.2.1"], soc2: ["CC6.3"] },
  requirements: ["WS-SEC-47"],
  remediation: "Give the rights to a role or a group, and let the user take it.",
  check(check, { type, properties }) {
    const key = Object.hasOwn(USER_RIGHTS, type) ? USER_RIGHTS[type] : undefined;
    if (key !== undefined) {
      check.expect(
        properties.get(key),
        (users) => users === undefined || (Array.isArray(users) && users.length === 0),
        {
          expected: "no user: a role or a group",
        },
      );
    }
    if (type === "aws:iam/accessKey:AccessKey") {
      check.object(properties.get("user"), {
        expected: "no key of a user: a role, whose credentials end by themselves",
        fix: "Remove the key, and let the program take a role.",
      });
    }
  },
});
