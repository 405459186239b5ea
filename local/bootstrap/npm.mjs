import { spawn } from "node:child_process";
import { basename, delimiter, dirname } from "node:path";

import { npmFailure } from "./failure.mjs";

const heartbeatMilliseconds = 10_000;
const quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-progress", "--no-update-notifier"];

/**
 * Runs npm to its end and shows that it lasts.
 *
 * @param {string} what shown, such as "installing npm packages"
 * @param {string[]} args
 * @param {{ node: string, cwd: string }} options the Node that runs npm, and where
 * @returns {Promise<void>}
 * @throws {import("./failure.mjs").Failure} with the reason as a sentence
 */
export async function npm(what, args, { node, cwd }) {
  const started = Date.now();
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`;
  process.stderr.write(`  ... ${what}\n`);
  const timer = setInterval(() => process.stderr.write(`  ... ${what} (${seconds()})\n`), heartbeatMilliseconds);
  try {
    const { code, output } = await finished(node, [...args, ...quiet, "--loglevel=error"], cwd);
    if (code !== 0) throw npmFailure(what, output, cwd);
    process.stderr.write(`  ok  ${what} (${seconds()})\n`);
  } finally {
    clearInterval(timer);
  }
}

/**
 * @param {string} node
 * @param {string[]} args
 * @param {string} cwd
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function finished(node, args, cwd) {
  const program = process.env["npm_execpath"] ?? "";
  const ours = basename(program) === "npm-cli.js";
  const env = { ...process.env, PATH: [dirname(node), process.env["PATH"]].join(delimiter) };
  const child = spawn(ours ? node : "npm", ours ? [program, ...args] : args, {
    cwd,
    env,
    stdio: ["ignore", "pipe", "pipe"],
    shell: !ours && process.platform === "win32",
  });
  return new Promise((resolve) => {
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.once("error", (error) => resolve({ code: 1, output: `npm could not be started: ${error.message}` }));
    child.once("close", (code) => resolve({ code, output }));
  });
}
