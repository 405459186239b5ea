import type { RequirementId } from "./system.ts";

/**
 * What a service may do in a store that knows such a difference: change tables and rows, or rows alone.
 *
 * @default "readwrite"
 */
export type StorePrivileges = "owner" | "readwrite";

/** One allowed connection, from a service or job to a service port, a store or a destination outside. */
export interface Flow {
  requirement: RequirementId;
  from: { service: string } | { job: string } | { edge: true } | { monitoring: true };
  to: { service: string; port: string } | { store: string; privileges?: StorePrivileges } | { outside: string };
}
