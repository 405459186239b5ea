import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack } from "../frame/stack.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { type Job, jobsOf } from "../workloads/job-texts.ts";
import { podOf } from "../workloads/kubernetes.ts";
import { longestPause } from "../workloads/schedules.ts";
import { systemOf } from "../workloads/system.ts";

interface Parameters {
  systems: Readonly<Record<string, { sessionDays: number; anonymiseDays: number }>>;
}

const NAMES = /retention|gdpr|anonymi[sz]/i;
const A_DAY = 24 * 60;

/** Data about people goes when its time is over, without anybody having to think of it. */
export const retentionJob = definePolicy<Parameters>({
  id: "POL-RETENTION-JOB",
  title: "Scheduled data retention job",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { pci: ["3.2.1"], soc2: ["P4.3"] },
  requirements: ["AR-SEC-40"],
  remediation: "Add a job that deletes old sessions and makes old users anonymous, every day.",
  parameters: {
    systems: {
      type: "object",
      additionalProperties: { type: "object" },
      description: "Days after which sessions are deleted and users made anonymous, by system.",
      default: { archesai: { sessionDays: 90, anonymiseDays: 30 } },
    },
  },
  checkStack(stack, { systems }) {
    for (const [system, { sessionDays, anonymiseDays }] of Object.entries(systems)) {
      const first = stack.resources.find((one) => {
        return (
          systemOf(one) === system && !isDevelopment(one) && (podOf(one) ?? one.type.startsWith("aws:ecs/service:"))
        );
      });
      if (first === undefined) {
        continue;
      }
      const own = jobsOf(stack).filter(({ kind, resource }) => kind === "scheduled" && systemOf(resource) === system);
      const jobs = own.filter(({ words }) => words.some((word) => NAMES.test(word)));
      if (jobs.length === 0 && !own.some(({ unknown }) => unknown)) {
        stack.check(first).object(first.properties.get("metadata", "name"), {
          found: `no retention job for ${system}`,
          expected: "a job that deletes sessions and makes users anonymous",
        });
      }
      jobs.forEach((job) => checkJob(stack, job, [sessionDays, anonymiseDays]));
    }
  },
});

function checkJob(stack: Stack, job: Job, days: readonly number[]): void {
  const check = stack.check(job.starter);
  if (job.schedule !== undefined) {
    check.expect(job.schedule, (value) => (longestPause(textOf(value)) ?? Infinity) <= A_DAY, {
      expected: "at least once a day",
    });
  }
  if (job.suspended !== undefined) {
    check.expect(job.suspended, (value) => value !== true && value !== "DISABLED", { expected: "a schedule in force" });
  }
  const missing = days.filter((day) => !job.words.some((word) => new RegExp(`(?<![\\d.])${day}(?![\\d.])`).test(word)));
  if (missing.length > 0 && !job.unknown) {
    stack.check(job.resource).object(job.resource.properties.get("metadata", "name"), {
      found: `a job that is not told ${missing.join(" or ")} days`,
      expected: `variables or arguments with ${days.join(" and ")} days`,
      fix: "Give the job its days as variables.",
    });
  }
}
