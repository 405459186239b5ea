import type { RequirementId } from "./system.ts";
import type { Variable } from "./service.ts";
import type { Cpu, Duration, Size } from "./units.ts";

/** A container that runs to an end. */
export interface Job {
  role: string;
  requirement: RequirementId;
  image: string;
  command?: readonly string[];
  variables: Record<string, Variable>;
  resources: { requests: { cpu: Cpu; memory: Size }; limits: { cpu: Cpu; memory: Size } };
  /** Cron expression in UTC, or "before-release". */
  when: { schedule: string } | "before-release";
  timeout: Duration;
}
