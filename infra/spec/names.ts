/** Names become parts of DNS names on both targets: lower-case letters, digits and hyphens, at most 40 characters. */
export const namePattern = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Names of environment variables. */
export const variablePattern = /^[A-Z][A-Z0-9_]{0,127}$/;

/** The keys of a record as an enumeration for people. */
export function list(record: Record<string, unknown>): string {
  const keys = Object.keys(record).sort();
  return keys.length === 0 ? "none" : keys.join(", ");
}

/** A part of the specification or the settings by name; validation has made sure that it is there. */
export function declared<Value>(all: Record<string, Value>, name: string): Value {
  const value = all[name];
  if (value === undefined) throw new Error(`"${name}" is not declared; there are ${list(all)}`);
  return value;
}

/** The name of a service's or job's user in a store: what PostgreSQL and Redis take without quotes. */
export function userName(workload: string): string {
  return workload.replaceAll("-", "_");
}

/** A variable's name as part of a logical name: "ENCRYPTION_KEY" becomes "encryption-key". */
export function kebab(variable: string): string {
  return variable.toLowerCase().replaceAll("_", "-");
}
