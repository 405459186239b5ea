import { createHash } from "node:crypto";

/** A short digest of named texts, the same for every order of the names. Not for secrets, only for what anyone may read. */
export function checksum(texts: Record<string, string>): string {
  const sorted = Object.entries(texts).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256").update(JSON.stringify(sorted)).digest("hex").slice(0, 16);
}
