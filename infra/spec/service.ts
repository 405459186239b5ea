import type { RequirementId } from "./system.ts";
import type { Cpu, Duration, Size } from "./units.ts";

/**
 * The value of an environment variable: a plain text, or a reference that the target resolves.
 *
 * References to secrets and to store addresses that contain a password are delivered as files, never as plain values.
 */
export type Variable =
  | string
  | { secret: string }
  | { store: string; value: StoreValue }
  | { service: string; port: string }
  | { file: "certificate-authority" };

/** What a service can be told about a store. `url` and `password` are secrets. */
export type StoreValue = "url" | "host" | "port" | "nodes" | "database" | "username" | "password" | "name";

/** A port on which a service listens. */
export interface Port {
  /** 1 to 65535; above 1023, since no container runs as root. */
  port: number;
  /** @default "http" */
  protocol?: "http" | "tcp" | "grpc";
}

/** How often and how patiently a health path is asked. */
export interface ProbeTiming {
  period: Duration;
  timeout: Duration;
  /** Failures in a row before the target acts. */
  failures: number;
}

/** One health question: an HTTP path that answers 200 when all is well. */
export interface Probe {
  path: string;
  /** The name of a port. @default "http" */
  port?: string;
  /** @default the timing of this kind of probe in `probeTimings` */
  timing?: ProbeTiming;
}

/** How a new version replaces an old one. */
export type Release =
  | { strategy: "rolling"; maxSurge: number; maxUnavailable: number }
  | { strategy: "blue-green" }
  | { strategy: "stop-then-start" };

/** How many copies run. */
export type Scaling =
  { replicas: number } | { minimum: number; maximum: number; cpuPercent?: number; memoryPercent?: number };

/** A folder that outlives the container. */
export interface Volume {
  mountPath: string;
  size: Size;
  requirement: RequirementId;
}

/** A container that runs all the time. */
export interface Service {
  /** What it is for, in one sentence. */
  role: string;
  requirement: RequirementId;
  /** The key of the image in the stack's `images` setting. */
  image: string;
  /** @default the image's own entry point */
  command?: readonly string[];
  /** Value of the `app.kubernetes.io/component` label. */
  component: string;
  ports: Record<string, Port>;
  variables: Record<string, Variable>;
  resources: { requests: { cpu: Cpu; memory: Size }; limits: { cpu: Cpu; memory: Size } };
  probes: { startup: Probe; readiness: Probe; liveness: Probe };
  /** What people and load balancers ask: the state of every part. It restarts nothing. @default nothing */
  health?: Probe;
  scaling: Scaling;
  release: Release;
  /**
   * A single writer owns its volumes and its identity: there are never two of it at once. Every instance of a single
   * writer has volumes and secrets of its own.
   *
   * @default not a single writer
   */
  singleWriter?: { instances: number; ownSecrets: readonly string[] };
  /** Folders that outlive the container. Only a single writer has them. @default none */
  volumes?: Record<string, Volume>;
  /** Where Prometheus reads metrics. @default nothing is read */
  metrics?: { path: string; port: string; interval: Duration };
  /** Seconds between the stop signal and the kill. @default "30 s" */
  terminationGrace?: Duration;
  /** The ECS cluster it runs in. @default the system's name */
  cluster?: string;
  /** May run on capacity that can be taken away. @default false */
  interruptible?: boolean;
}

/** Something the internet can reach, over TLS only. */
export interface PublicEndpoint {
  service: string;
  port: string;
  /** Paths that are open; all others are refused. */
  paths: readonly string[];
  /** Path asked by the load balancer before it sends traffic. */
  healthPath: string;
  requirement: RequirementId;
}

/** Proposed timings; no requirement states any. */
export const probeTimings: Record<"startup" | "readiness" | "liveness", ProbeTiming> = {
  startup: { period: "5 s", timeout: "3 s", failures: 30 },
  readiness: { period: "10 s", timeout: "3 s", failures: 3 },
  liveness: { period: "20 s", timeout: "5 s", failures: 3 },
};
