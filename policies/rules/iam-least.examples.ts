import type { Examples } from "../testing/examples.ts";
import { policyText } from "../testing/iam.ts";

const secret = "arn:aws:secretsmanager:eu-central-1:111122223333:secret:worldstore/prod/ANTHROPIC_API_KEY-??????";

const rolePolicy = (statement: Record<string, unknown>) => ({
  type: "aws:iam/rolePolicy:RolePolicy",
  name: "agent",
  properties: { role: "agent", policy: policyText({ Effect: "Allow", ...statement }) },
});

export const examples: Examples = {
  good: [
    {
      title: "A role that reads one secret",
      resources: [rolePolicy({ Action: ["secretsmanager:GetSecretValue"], Resource: [secret] })],
    },
    {
      title: "An action that can name no resource",
      resources: [rolePolicy({ Action: "ecr:GetAuthorizationToken", Resource: "*" })],
    },
  ],
  bad: [
    {
      title: "A role that reads every secret",
      resources: [rolePolicy({ Action: "secretsmanager:GetSecretValue", Resource: "*" })],
      property: "policy.Statement[0].Resource",
    },
    {
      title: "A role that may do everything with one bucket",
      resources: [rolePolicy({ Action: ["s3:*"], Resource: ["arn:aws:s3:::audit", "arn:aws:s3:::audit/*"] })],
      property: "policy.Statement[0].Action[0]",
    },
    {
      title: "A role that every AWS account may take",
      resources: [
        {
          type: "aws:iam/role:Role",
          name: "agent",
          properties: {
            assumeRolePolicy: policyText({ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }),
          },
        },
      ],
      property: "assumeRolePolicy.Statement[0].Principal.AWS",
    },
  ],
};
