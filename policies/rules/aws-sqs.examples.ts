import type { Examples } from "../testing/examples.ts";
import { policyText } from "../testing/iam.ts";

const own = (statement: Record<string, unknown>) => [
  {
    type: "aws:sqs/queuePolicy:QueuePolicy",
    name: "orders",
    properties: { policy: policyText({ Effect: "Allow", Action: "sqs:SendMessage", ...statement }) },
  },
];

export const examples: Examples = {
  good: [
    {
      title: "A service of AWS, for this account only",
      resources: own({
        Principal: { Service: "events.amazonaws.com" },
        Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } },
      }),
    },
  ],
  bad: [
    {
      title: "Everyone who knows the name",
      resources: own({ Principal: "*" }),
      property: "policy.Statement[0].Principal",
    },
  ],
};
