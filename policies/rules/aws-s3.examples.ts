import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [
    {
      title: "An access point that no policy can open",
      resources: [
        {
          type: "aws:s3/accessPoint:AccessPoint",
          properties: { publicAccessBlockConfiguration: { blockPublicPolicy: true } },
        },
      ],
    },
  ],
  bad: [
    {
      title: "An access point that a policy may open to the public",
      resources: [
        {
          type: "aws:s3/accessPoint:AccessPoint",
          properties: { publicAccessBlockConfiguration: { blockPublicPolicy: false } },
        },
      ],
      property: "publicAccessBlockConfiguration.blockPublicPolicy",
    },
  ],
};
