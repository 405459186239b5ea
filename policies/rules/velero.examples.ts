import type { Examples } from "../testing/examples.ts";
import { kubernetes } from "../testing/fixtures.ts";

const schedule = (cron: string) => {
  const template = { ttl: "720h", includedNamespaces: ["production"], storageLocation: "s3-backup" };
  return kubernetes("velero.io/v1:Schedule", { spec: { schedule: cron, template } }, "archesai-backup");
};

export const examples: Examples = {
  good: [{ title: "A backup of the namespace every hour, kept 30 days", resources: [schedule("0 */1 * * *")] }],
  bad: [
    {
      title: "A backup once a day, where an hour may be lost at most",
      resources: [schedule("0 2 * * *")],
      property: "spec.schedule",
    },
  ],
};
