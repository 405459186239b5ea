import type { Variable } from "./service.ts";

/**
 * A variable whose value is a secret, or an address that contains one, or the address of a store that is known only after
 * the store exists: a manifest with it could not be judged before.
 */
export type SecretVariable = { secret: string } | { store: string; value: "url" | "password" | "host" | "nodes" };

/** A variable that anyone may read. */
export type PlainVariable = Exclude<Variable, { secret: string }>;

/** The variables of a service or job, split by how they may be delivered. */
export interface Environment {
  plain: Record<string, PlainVariable>;
  secret: Record<string, SecretVariable>;
}

/**
 * Splits variables into those that may stand in a manifest and those that may not, both sorted by name.
 *
 * @param placed stores whose address is decided by the target: variables with it are delivered like secrets
 */
export function splitEnvironment(
  variables: Record<string, Variable>,
  placed: ReadonlySet<string> = new Set(),
): Environment {
  const environment: Environment = { plain: {}, secret: {} };
  for (const [name, variable] of Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (isSecret(variable, placed)) environment.secret[name] = variable;
    else environment.plain[name] = variable;
  }
  return environment;
}

function isSecret(variable: Variable, placed: ReadonlySet<string>): variable is SecretVariable {
  if (typeof variable === "string") return false;
  if ("secret" in variable) return true;
  if (!("store" in variable)) return false;
  const { store, value } = variable;
  return value === "url" || value === "password" || (placed.has(store) && (value === "host" || value === "nodes"));
}
