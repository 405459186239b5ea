import type { Alert } from "./alert.ts";
import type { Flow } from "./flow.ts";
import type { Job } from "./job.ts";
import type { Secret } from "./secret.ts";
import type { PublicEndpoint, Service } from "./service.ts";
import type { Store } from "./store.ts";
import type { Duration } from "./units.ts";

/** The id of a fact in the requirements, such as "WS-SVC-01". */
export type RequirementId = string;

/** One system, as data: what runs, what it needs and what may reach what. It names no target and makes no resources. */
export interface System {
  /** Lower-case name, part of every resource name. */
  name: string;
  /** What the system is, for people. */
  title: string;
  /** Kubernetes namespace. @default the system's name */
  namespace?: string;
  /** Containers that run all the time, by name. */
  services: Record<string, Service>;
  /** Databases, caches, queues and object stores, by name. */
  stores: Record<string, Store>;
  /** Values that must never be seen, by the name of the variable that carries them. */
  secrets: Record<string, Secret>;
  /** Destinations outside the system, by name: host names reached on port 443. */
  outside: Record<string, { hosts: readonly string[]; requirement: RequirementId }>;
  /** Every connection that is allowed; all others are refused. */
  flows: readonly Flow[];
  /** What the internet can reach, by host setting. */
  publicEndpoints: Record<string, PublicEndpoint>;
  /** Conditions under which a person is called. */
  alerts: readonly Alert[];
  /** Containers that run to an end: scheduled, or before a release. */
  jobs: Record<string, Job>;
  /** How long log lines are kept, by level. */
  logRetention: { error: Duration; warn: Duration; info: Duration; debug: Duration };
}
