import type { Examples } from "../testing/examples.ts";
import { rdsInstance } from "../testing/store-fixtures.ts";

export const examples: Examples = {
  good: [{ title: "A database that goes back 30 days and leaves a snapshot", resources: [rdsInstance()] }],
  bad: [
    {
      title: "A database with a week of backups",
      resources: [rdsInstance({ backupRetentionPeriod: 7 })],
      property: "backupRetentionPeriod",
    },
  ],
};
