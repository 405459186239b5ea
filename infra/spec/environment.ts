import type { Variable } from "./service.ts";

/** A variable whose value is a secret, or an address that contains one. */
export type SecretVariable = { secret: string } | { store: string; value: "url" | "password" };

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
 * @param withoutStores stores that the stack leaves out: variables that speak of them are left out, too
 */
export function splitEnvironment(
  variables: Record<string, Variable>,
  withoutStores: ReadonlySet<string> = new Set(),
): Environment {
  const environment: Environment = { plain: {}, secret: {} };
  for (const [name, variable] of Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (typeof variable === "object" && "store" in variable && withoutStores.has(variable.store)) continue;
    if (isSecret(variable)) environment.secret[name] = variable;
    else environment.plain[name] = variable;
  }
  return environment;
}

function isSecret(variable: Variable): variable is SecretVariable {
  if (typeof variable === "string") return false;
  if ("secret" in variable) return true;
  return "store" in variable && (variable.value === "url" || variable.value === "password");
}
