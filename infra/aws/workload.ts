import type { Job } from "../spec/job.ts";
import { declared } from "../spec/names.ts";
import type { Service } from "../spec/service.ts";
import type { System } from "../spec/system.ts";

/** What services and jobs have in common, and what only a service has. */
export type Workload =
  { kind: "service"; name: string; specification: Service } | { kind: "job"; name: string; specification: Job };

/** A service or job by name; they share one name space. */
export function workloadOf(system: System, name: string): Workload {
  const job = system.jobs[name];
  if (job) return { kind: "job", name, specification: job };
  return { kind: "service", name, specification: declared(system.services, name) };
}

/** The names of all services and jobs, sorted. */
export function workloadNames({ services, jobs }: System): string[] {
  return [...Object.keys(services), ...Object.keys(jobs)].sort();
}
