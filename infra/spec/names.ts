/** Names become parts of DNS names on both targets: lower-case letters, digits and hyphens, at most 40 characters. */
export const namePattern = /^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/;

/** Names of environment variables. */
export const variablePattern = /^[A-Z][A-Z0-9_]{0,127}$/;

/** The keys of a record as an enumeration for people. */
export function list(record: Record<string, unknown>): string {
  const keys = Object.keys(record).sort();
  return keys.length === 0 ? "none" : keys.join(", ");
}
