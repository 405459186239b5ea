import type { Examples } from "../testing/examples.ts";

export const examples: Examples = {
  good: [
    {
      title: "A snapshot shared with one account",
      resources: [{ type: "aws:rds/snapshot:Snapshot", properties: { sharedAccounts: ["444455556666"] } }],
    },
  ],
  bad: [
    {
      title: "A snapshot that everybody may copy",
      resources: [{ type: "aws:rds/snapshot:Snapshot", properties: { sharedAccounts: ["all"] } }],
      property: "sharedAccounts[0]",
    },
  ],
};
