import type { Resource } from "../frame/check.ts";
import { systemOf } from "./system.ts";

/** A parameter that differs between systems: its values by the system's name, `default` for all others. */
export type BySystem<T> = Readonly<Record<string, T>>;

/** The value for the system that a resource belongs to. */
export function valueFor<T>(table: BySystem<T>, resource: Resource): T | undefined {
  const system = systemOf(resource);
  return system !== undefined && Object.hasOwn(table, system) ? table[system] : table["default"];
}
