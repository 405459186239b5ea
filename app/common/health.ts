import { Gauge, type Registry } from "prom-client";

/** Something that the service needs, and how to ask whether it works. */
export interface Component {
  name: string;
  /** Whether the service is of no use without it. Third parties never are. */
  critical: boolean;
  /** Returns or resolves when the component works, throws or rejects when it does not. */
  check: (signal: AbortSignal) => unknown;
}

export interface ComponentState {
  status: "up" | "down";
  critical: boolean;
  responseTimeMs: number;
  /** Why it is down, without addresses or other inside knowledge: the answer is public. */
  reason?: string;
}

export type HealthStatus = "healthy" | "degraded" | "unhealthy";

/** The answer of /health (WS-HLT-01, WS-HLT-02, X-08). */
export interface HealthReport {
  status: HealthStatus;
  timestamp: string;
  services: Record<string, ComponentState>;
  [section: string]: unknown;
}

export interface HealthOptions {
  /** Milliseconds after which a component that has not answered is down. @default 2000 */
  timeout?: number;
  /** Milliseconds for which an answer is used again, so that many questions cost no more than one. @default 1000 */
  freshness?: number;
  /** Called when a component changes its state. @default nothing */
  onChange?: (name: string, state: ComponentState, error?: unknown) => void;
}

/** Unhealthy when a critical component is down, degraded when another one is. */
export function overallStatus(states: readonly ComponentState[]): HealthStatus {
  const down = states.filter(({ status }) => status === "down");
  if (down.length === 0) return "healthy";
  return down.some(({ critical }) => critical) ? "unhealthy" : "degraded";
}

/** Knows the components of a service and computes its health from them. */
export class Health {
  /** Ready only while running; a service that starts or stops takes no new work. */
  phase: "starting" | "running" | "stopping" = "starting";

  readonly #components: Component[] = [];
  readonly #sections = new Map<string, () => unknown>();
  readonly #last = new Map<string, ComponentState["status"]>();
  readonly #options: Required<HealthOptions>;
  #current: { at: number; report: Promise<HealthReport> } | undefined;

  constructor(options: HealthOptions = {}) {
    this.#options = { timeout: 2_000, freshness: 1_000, onChange: () => undefined, ...options };
  }

  add(component: Component): void {
    this.#components.push(component);
  }

  /** Adds a part of its own to the answer of /health. It is told, not judged. */
  describe(section: string, value: () => unknown): void {
    this.#sections.set(section, value);
  }

  /** Asks all components side by side, unless the last answer is fresh. */
  report(): Promise<HealthReport> {
    const now = performance.now();
    if (this.#current === undefined || now - this.#current.at > this.#options.freshness) {
      this.#current = { at: now, report: this.#ask() };
    }
    return this.#current.report;
  }

  /** Whether the service can take work now. */
  async isReady(): Promise<boolean> {
    return this.phase === "running" && (await this.report()).status !== "unhealthy";
  }

  /** Exports `component_up` with one sample for each component. */
  measure(registry: Registry): void {
    const gauge = new Gauge({
      name: "component_up",
      help: "1 while a component that this service needs works, 0 while it does not.",
      labelNames: ["component"],
      registers: [registry],
      collect: async () => {
        const { services } = await this.report();
        for (const [component, { status }] of Object.entries(services)) {
          gauge.set({ component }, status === "up" ? 1 : 0);
        }
      },
    });
  }

  async #ask(): Promise<HealthReport> {
    const states = await Promise.all(this.#components.map((component) => this.#askOne(component)));
    const services = Object.fromEntries(this.#components.map(({ name }, index) => [name, states[index]!]));
    const sections = Object.fromEntries([...this.#sections].map(([name, value]) => [name, value()]));
    return { status: overallStatus(states), timestamp: new Date().toISOString(), services, ...sections };
  }

  async #askOne({ name, critical, check }: Component): Promise<ComponentState> {
    const started = performance.now();
    const failure = await withTimeout(check, this.#options.timeout);
    const state: ComponentState = {
      status: failure === undefined ? "up" : "down",
      critical,
      responseTimeMs: Math.round(performance.now() - started),
      ...(failure === undefined ? {} : { reason: failure.reason }),
    };
    if (this.#last.get(name) !== state.status) this.#options.onChange(name, state, failure?.error);
    this.#last.set(name, state.status);
    return state;
  }
}

/** Ends the check when its time is over, also when it ignores the signal. */
async function withTimeout(
  check: Component["check"],
  timeout: number,
): Promise<{ reason: string; error: unknown } | undefined> {
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      controller.abort();
      reject(Object.assign(new Error(`no answer within ${timeout} ms`), { code: "TIMEOUT" }));
    }, timeout);
  });
  try {
    await Promise.race([Promise.resolve(controller.signal).then(check), expired]);
    return undefined;
  } catch (error) {
    return { reason: publicReason(error), error };
  } finally {
    clearTimeout(timer);
  }
}

/** The error's code, which names a kind of failure and nothing else. */
function publicReason(error: unknown): string {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && /^[A-Z0-9_]{2,40}$/.test(code) ? code : "FAILED";
}
