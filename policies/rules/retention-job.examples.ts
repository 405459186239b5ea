import type { TestResource } from "../testing/analyzer.ts";
import type { Examples } from "../testing/examples.ts";
import { container, podSpec, workload } from "../testing/fixtures.ts";
import { inSystem } from "../testing/store-fixtures.ts";

function job(sessionDays: string): TestResource {
  const args = ["--delete-sessions-after", sessionDays, "--anonymise-users-after", "30"];
  return inSystem("archesai", workload(podSpec({ containers: [container({ name: "retention", args })] }), "CronJob"));
}

export const examples: Examples = {
  good: [{ title: "A job that deletes sessions after 90 days, every night", resources: [job("90")] }],
  bad: [
    {
      title: "A job that keeps sessions for a year",
      resources: [job("365")],
      property: "metadata.name",
      anyValue: true,
    },
  ],
};
