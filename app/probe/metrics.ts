import { Gauge, Registry } from "prom-client";

import type { ProbeSpecification } from "./specification.ts";
import type { Results } from "./state.ts";

/**
 * The probe's metrics: `probe_check_passed` for each check, and every metric that the specification declares. The
 * declared ones have no measurement behind them and say so: their value is NaN, which fulfils no alert's condition.
 */
export function createProbeMetrics({ metrics }: ProbeSpecification, results: () => Results | undefined): Registry {
  const registry = new Registry();
  new Gauge({
    name: "probe_check_passed",
    help: "1 while a check of the probe passes, 0 while it does not.",
    labelNames: ["check"],
    registers: [registry],
    collect() {
      for (const [check, problem] of results() ?? []) this.set({ check }, problem === null ? 1 : 0);
    },
  });
  for (const name of new Set(metrics?.names)) {
    const help = "Declared by the specification; the probe has no measurement of it.";
    new Gauge({ name, help, registers: [registry] }).set(NaN);
  }
  return registry;
}
