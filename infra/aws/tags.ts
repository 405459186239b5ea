import type { Target } from "./target.ts";

/** Tags on everything, from the provider: whose it is and who pays for it. */
export function defaultTags({ system, settings }: Pick<Target, "system" | "settings">): Record<string, string> {
  return {
    system: system.name,
    environment: settings.environment,
    owner: settings.owner,
    "managed-by": "pulumi",
  };
}

/**
 * Tags that a component adds to each of its resources, for costs by component.
 *
 * @param component the service, store or concern, such as "worldstore-agent", "postgres" or "network"
 * @param more such as Name
 */
export function componentTags(component: string, more: Record<string, string> = {}): Record<string, string> {
  return { component, ...more };
}
