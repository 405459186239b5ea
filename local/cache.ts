import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";

import { withLock } from "./bootstrap/lock.mjs";

export { cachePath } from "./bootstrap/cache-path.mjs";
export { withLock } from "./bootstrap/lock.mjs";

/** The first 12 hexadecimal digits of the SHA-256 of all parts: the key of a cached build. */
export function contentKey(...parts: (string | Uint8Array)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(String(part.length)).update(":").update(part);
  return hash.digest("hex").slice(0, 12);
}

/**
 * Builds a folder once. The build writes into a temporary sibling that takes its name only when it is complete,
 * so a killed build leaves nothing that looks finished; a second process waits for the first.
 */
export async function once(directory: string, build: (temporary: string) => Promise<void>): Promise<string> {
  if (existsSync(directory)) return directory;
  await mkdir(dirname(directory), { recursive: true });
  return await withLock(`${directory}.lock`, async () => {
    if (existsSync(directory)) return directory;
    const temporary = `${directory}.tmp`;
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    try {
      await build(temporary);
      await rename(temporary, directory);
    } finally {
      await rm(temporary, { recursive: true, force: true });
    }
    return directory;
  });
}
