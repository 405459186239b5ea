import type { Cluster } from "../cluster.ts";
import type { KubeObject } from "../object.ts";

/** How far an object is. */
export type Readiness =
  | { state: "ready" }
  /** `status` completes "waiting: ...". */
  | { state: "waiting"; status: string }
  /** It will not become ready by itself. A failure with `grace` counts only when it has lasted that many seconds. */
  | { state: "failed"; reason: string; grace?: number };

/** What a readiness check can ask. */
export interface Question {
  live: KubeObject;
  cluster: Cluster;
  signal: AbortSignal;
}

/** What it takes for a kind to be ready. */
export interface ReadinessRule {
  /** Seconds. @default 600 */
  timeout?: number;
  check(question: Question): Readiness | Promise<Readiness>;
  /** Why it is not ready, from the objects below it, such as pods. @default nothing more than the status */
  reasons?(question: Question): Promise<string[]>;
}

export const ready: Readiness = { state: "ready" };

/** The object is on its way. */
export function waiting(status: string): Readiness {
  return { state: "waiting", status };
}

/** Whether the controller has seen the newest version of the object. */
export function isObserved(live: KubeObject): boolean {
  const status = live["status"];
  const observed =
    typeof status === "object" && status !== null && !Array.isArray(status) ? status["observedGeneration"] : 0;
  return Number(observed ?? 0) >= Number(live.metadata["generation"] ?? 0);
}
