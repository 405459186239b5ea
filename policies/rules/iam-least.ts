import type { Check } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { covers, isEverything, policiesOf, publicPart, statementsOf, type Statement } from "../workloads/iam.ts";

interface Parameters {
  openActions: string[];
  deniedManagedPolicies: string[];
}

/** Resources whose own policy must not admit everyone; keys, topics, queues and buckets have policies of their own. */
const OWN_PUBLIC_RULE = /^aws:(?:kms|sns|sqs|s3)\//;

/** Where the ARNs of managed policies stand. */
const ATTACHMENTS: Readonly<Record<string, string>> = {
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": "policyArn",
  "aws:iam/groupPolicyAttachment:GroupPolicyAttachment": "policyArn",
  "aws:iam/userPolicyAttachment:UserPolicyAttachment": "policyArn",
  "aws:iam/policyAttachment:PolicyAttachment": "policyArn",
  "aws:iam/role:Role": "managedPolicyArns",
};

/** Who holds a role can do what the role names to what the role names, and nothing else. */
export const iamLeast = definePolicy<Parameters>({
  id: "POL-IAM-LEAST",
  title: "IAM without wildcard actions and resources",
  severity: "high",
  level: "mandatory",
  targets: ["aws"],
  controls: { fsbp: ["IAM.1", "IAM.21"], pci: ["7.2.1", "7.2.2", "7.2.5"], soc2: ["CC6.1", "CC6.3"] },
  requirements: ["WS-SEC-47", "EB-SEC-24", "AR-SEC-11"],
  remediation: "Name the actions and the ARNs that the role needs.",
  parameters: {
    openActions: {
      type: "array",
      items: { type: "string" },
      description: "Actions that may be allowed on every resource, since AWS lets them name none.",
      default: [
        "autoscaling:describe*",
        "backup:describebackupjob",
        "cloudwatch:describe*",
        "cloudwatch:getmetricdata",
        "cloudwatch:listmetrics",
        "cloudwatch:putmetricdata",
        "ec2:assignprivateipaddresses",
        "ec2:createnetworkinterface",
        "ec2:deletenetworkinterface",
        "ec2:describe*",
        "ec2:unassignprivateipaddresses",
        "ecr:getauthorizationtoken",
        "elasticloadbalancing:describe*",
        "logs:describeloggroups",
        "s3:listallmybuckets",
        "ssmmessages:*channel",
        "sts:getcalleridentity",
        "xray:get*",
        "xray:put*",
      ],
    },
    deniedManagedPolicies: {
      type: "array",
      items: { type: "string" },
      description: "Names of managed policies that nothing may hold; `*` stands for any text.",
      default: ["AdministratorAccess*", "PowerUserAccess", "IAMFullAccess", "*FullAccess*"],
    },
  },
  check(check, resource, { openActions, deniedManagedPolicies }) {
    for (const policy of policiesOf(resource)) {
      for (const statement of statementsOf(check, policy).filter(({ allows }) => allows)) {
        if (policy.use === "identity") {
          checkIdentity(check, statement, openActions);
        } else if (!OWN_PUBLIC_RULE.test(resource.type)) {
          checkPublic(check, statement);
        }
      }
    }
    const key = Object.hasOwn(ATTACHMENTS, resource.type) ? ATTACHMENTS[resource.type] : undefined;
    if (key !== undefined) {
      const field = resource.properties.get(key);
      const arns = Array.isArray(field.value) ? field.items() : [field];
      arns.forEach((arn) => expectManaged(check, arn, deniedManagedPolicies));
    }
  },
});

function checkIdentity(
  check: Check,
  { field, actions, resources, inverted }: Statement,
  openActions: readonly string[],
): void {
  for (const part of inverted) {
    check.object(part, {
      found: `everything except what ${part.path.split(".").at(-1) ?? ""} names`,
      expected: "Action and Resource, with what is allowed",
    });
  }
  for (const { text, field: at } of actions.filter(({ text }) => /^\*+$|^[\w-]+:\*+$/.test(text))) {
    check.object(at, {
      found: text === "*" ? "every action" : `every action of ${text.split(":")[0] ?? ""}`,
      expected: "actions named one by one",
    });
  }
  const everything = resources.find(({ text }) => isEverything(text));
  const closed = actions.find(({ text }) => !openActions.some((open) => covers(open, [text])));
  if (everything !== undefined && closed !== undefined && !byTag(check, field)) {
    check.object(everything.field, {
      found: `${closed.text} on ${everything.text}`,
      expected: "the ARNs that the role needs; everything only for actions that can name no resource",
    });
  }
}

/** A condition on a tag of the resource names what a wildcard leaves open. */
function byTag(check: Check, statement: Field): boolean {
  const condition = statement.get("Condition");
  return check.entries(condition).some(([operator, keys]) => {
    const positive = /^(?:String(?:Equals|Like)|Arn(?:Equals|Like))$/.test(operator);
    return (
      positive && keys.entries().some(([key, value]) => /:resourcetag\/./i.test(key) && textOf(value.value) !== "*")
    );
  });
}

function checkPublic(check: Check, statement: Statement): void {
  const part = publicPart(check, statement);
  if (part) {
    check.object(part, {
      found: "everyone, of every AWS account",
      expected: "named principals, or a condition on their account",
      fix: "Name the accounts, roles or services that may, or add a condition such as aws:PrincipalAccount.",
    });
  }
}

function expectManaged(check: Check, arn: Field, denied: readonly string[]): void {
  check.expect(arn, (value) => !denied.some((pattern) => covers(pattern, [textOf(value).split("/").at(-1) ?? ""])), {
    expected: "a managed policy with few rights, or a policy of its own",
  });
}
