import type { Examples } from "../testing/examples.ts";

const policyArn = "arn:aws:iam::111122223333:policy/read-logs";

export const examples: Examples = {
  good: [
    {
      title: "A group that holds the policy",
      resources: [
        {
          type: "aws:iam/policyAttachment:PolicyAttachment",
          name: "logs",
          properties: { policyArn, groups: ["people"] },
        },
      ],
    },
  ],
  bad: [
    {
      title: "A user that holds the policy",
      resources: [
        {
          type: "aws:iam/policyAttachment:PolicyAttachment",
          name: "logs",
          properties: { policyArn, users: ["someone"] },
        },
      ],
      property: "users",
      anyValue: true,
    },
    {
      title: "A key that never ends",
      resources: [{ type: "aws:iam/accessKey:AccessKey", name: "deploy", properties: { user: "deploy" } }],
      property: "user",
      anyValue: true,
    },
  ],
};
