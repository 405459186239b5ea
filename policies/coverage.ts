import { catalogue } from "./catalogue.ts";
import type { Controls, Policy } from "./frame/policy.ts";

/** Which policies answer for an item or a control. */
export type Coverage = Readonly<Record<string, readonly string[]>>;

/** Policy ids by requirement id (`WS-SEC-45`), sorted. */
export function requirementCoverage(policies: readonly Policy[] = catalogue): Coverage {
  return invert(policies, ({ requirements }) => requirements);
}

/** Policy ids by control of a framework, sorted: `controlCoverage("pss")`. */
export function controlCoverage(framework: keyof Controls, policies: readonly Policy[] = catalogue): Coverage {
  return invert(policies, ({ controls }) => controls[framework] ?? []);
}

function invert(policies: readonly Policy[], keysOf: (policy: Policy) => readonly string[]): Coverage {
  const byKey = new Map<string, string[]>();
  for (const policy of policies) {
    for (const key of keysOf(policy)) {
      byKey.set(key, [...(byKey.get(key) ?? []), policy.id].sort());
    }
  }
  return Object.fromEntries([...byKey].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })));
}
