import type { Examples } from "../testing/examples.ts";
import { policyText } from "../testing/iam.ts";

const root = "arn:aws:iam::111122223333:root";

const key = (properties: Record<string, unknown>) => ({
  type: "aws:kms/key:Key",
  name: "data",
  properties: {
    enableKeyRotation: true,
    deletionWindowInDays: 30,
    policy: policyText({ Effect: "Allow", Principal: { AWS: root }, Action: "kms:DescribeKey", Resource: "*" }),
    ...properties,
  },
});

export const examples: Examples = {
  good: [{ title: "A key that rotates and names its administrators", resources: [key({})] }],
  bad: [
    {
      title: "A key that never rotates",
      resources: [key({ enableKeyRotation: false })],
      property: "enableKeyRotation",
    },
    {
      title: "A key that every account may use",
      resources: [key({ policy: policyText({ Effect: "Allow", Principal: "*", Action: "kms:*", Resource: "*" }) })],
      property: "policy.Statement[0].Principal",
    },
    {
      title: "A role that may decrypt with every key",
      resources: [
        {
          type: "aws:iam/rolePolicy:RolePolicy",
          name: "agent",
          properties: { policy: policyText({ Effect: "Allow", Action: "kms:Decrypt", Resource: "*" }) },
        },
      ],
      property: "policy.Statement[0].Resource",
    },
  ],
};
