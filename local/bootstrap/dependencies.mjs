import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { cachePath } from "./cache-path.mjs";

/** @typedef {{ version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }} Package */

/**
 * Installs the packages of package-lock.json when they are missing or are not the ones it names. An installation that
 * was cut short leaves no stamp and no record of npm's, so it is done again.
 *
 * @param {string} root the checkout
 * @param {string} node the Node that runs npm
 * @returns {Promise<void>}
 */
export async function ensureDependencies(root, node) {
  if (isInstalled(root)) return;
  const { withLock } = await import("./lock.mjs");
  const { npm } = await import("./npm.mjs");
  const lock = cachePath("locks", `npm-${digest(root)}.lock`);
  await withLock(
    lock,
    async () => {
      if (isInstalled(root)) return;
      await npm("installing npm packages", ["ci"], { node, cwd: root });
      writeFileSync(stampFile(root), stampOf(root) ?? "");
    },
    (owner) => process.stderr.write(`  ... waiting for process ${owner}, which installs npm packages\n`),
  );
}

/**
 * Whether node_modules is what package-lock.json names. The usual case is answered by the stamp alone; packages that
 * someone installed with npm directly are compared with the lock file and then stamped.
 *
 * @param {string} root
 */
export function isInstalled(root) {
  const stamp = stampOf(root);
  if (stamp === undefined) return false;
  if (textOf(stampFile(root)) === stamp) return true;
  if (!isComplete(root)) return false;
  writeFileSync(stampFile(root), stamp);
  return true;
}

/** @param {string} root */
function isComplete(root) {
  const wanted = packagesOf(join(root, "package-lock.json"));
  const present = packagesOf(recordFile(root));
  return Object.entries(wanted).every(([path, { version, integrity, optional, devOptional }]) => {
    if (path === "") return true;
    const found = present[path];
    if (found === undefined) return optional === true || devOptional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * A digest of the lock file and of npm's record of what it installed; undefined when there is no such record.
 *
 * @param {string} root
 */
function stampOf(root) {
  const lock = textOf(join(root, "package-lock.json"));
  const record = textOf(recordFile(root));
  return lock === undefined || record === undefined ? undefined : digest(`${lock}\n${record}`);
}

/** @param {string} root */
const stampFile = (root) => join(root, "node_modules", ".installed");

/** @param {string} root */
const recordFile = (root) => join(root, "node_modules", ".package-lock.json");

/** @param {string} text */
const digest = (text) => createHash("sha256").update(text).digest("hex").slice(0, 16);

/** @param {string} file */
function textOf(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

/**
 * @param {string} file
 * @returns {Record<string, Package>}
 */
function packagesOf(file) {
  try {
    return JSON.parse(textOf(file) ?? "{}").packages ?? {};
  } catch {
    return {};
  }
}
