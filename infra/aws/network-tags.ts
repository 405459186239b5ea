import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";

/** The tags of a part of the network, which AWS shows by a tag instead of a name. */
export function networkTags({ system, settings }: Target, ...parts: string[]): Record<string, string> {
  return componentTags("network", { Name: [system.name, settings.environment, ...parts].join("-") });
}
