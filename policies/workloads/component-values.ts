import type { Resource } from "../frame/check.ts";
import type { BySystem } from "./by-system.ts";
import { namesOf } from "./components.ts";
import { systemOf } from "./system.ts";

/** Whether one of the names is the component's, alone or after the system's name: `worldstore-server` is a `server`. */
export function isComponent(names: readonly string[], component: string): boolean {
  return names.some((name) => name === component || name.endsWith(`-${component}`));
}

/** Values of a system's components; `default` holds for those that are not named. */
export type ByComponent<T> = Readonly<Record<string, T>>;

/** The value for the component that a workload is, in the system that it belongs to. */
export function componentValue<T>(table: BySystem<ByComponent<T>>, resource: Resource): T | undefined {
  const system = systemOf(resource) ?? "";
  const components = Object.hasOwn(table, system) ? table[system] : undefined;
  const names = namesOf(resource);
  const own = Object.keys(components ?? {}).find((component) => isComponent(names, component));
  return components?.[own ?? "default"];
}
