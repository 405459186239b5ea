import type { RequirementId } from "./system.ts";
import type { Duration } from "./units.ts";

/** What is watched, without naming a query language. Names of metrics are Prometheus names. */
export type Condition =
  /** No copy of any of these services answers. */
  | { kind: "down"; services: readonly string[] }
  /** A gauge beyond a limit. */
  | { kind: "gauge"; metric: string; compare: "above" | "below" | "at-least"; limit: number }
  /** More than a number of counted events within a window. */
  | { kind: "count"; metric: string; above: number; window: Duration; labels?: Record<string, string> }
  /** Part of a whole, both counted within a window, as a fraction. */
  | { kind: "share"; part: string; whole: string; above: number; window: Duration }
  /** A quantile of a histogram, in its own unit. */
  | { kind: "quantile"; metric: string; quantile: number; above: number; window: Duration }
  /** Memory of a service as a fraction of its limit. */
  | { kind: "service-memory"; service: string; above: number }
  /** Memory of a Redis store as a fraction of its limit. */
  | { kind: "store-memory"; store: string; above: number };

/** A condition under which a person is called. */
export interface Alert {
  requirement: RequirementId;
  name: string;
  severity: "critical" | "warning";
  condition: Condition;
  /** How long the condition must hold. @default it alerts at once */
  for?: Duration;
  /** What has happened, in one sentence. */
  summary: string;
}
