/** What a deployed system shows of its specification, in words that no target has of its own. */
export interface Observed {
  /** By service or job; instances of a single writer look alike. */
  workloads: Record<string, ObservedWorkload>;
  /** Such as "api > db:5432", sorted. */
  flows: string[];
  /** Such as "AlertA critical T-0", sorted. */
  alerts: string[];
  /** Fewest and most copies of services that are scaled by load. */
  scaling: Record<string, [number, number]>;
  /** Times of jobs that have some, as cron expressions of five fields in UTC. */
  schedules: Record<string, string>;
  /** Jobs that services wait for. */
  gates: string[];
}

export interface ObservedWorkload {
  command: string[] | undefined;
  /** Variables that anyone may read, by name. */
  plain: Record<string, string>;
  /** Names of variables that nobody may read, sorted. */
  secret: string[];
  ports: Record<string, number>;
  /** Requested processor time in 1024ths, requested memory and the most memory in MiB. */
  resources: { cpu: number; memory: number; mostMemory: number };
  /** Where liveness is asked, such as "8080/live"; undefined of a job. */
  liveness: string | undefined;
}
