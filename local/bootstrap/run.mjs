// Starts a command of this project: `node local/bootstrap/run.mjs <command> [arguments]`. It needs nothing but the Node
// and npm of the machine, installs what is missing and hands over to local/commands/<command>.ts.
import { spawn } from "node:child_process";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { cachePath } from "./cache-path.mjs";
import { ensureDependencies } from "./dependencies.mjs";
import { Failure } from "./failure.mjs";
import { supportedNode } from "./node.mjs";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** @param {string[]} args */
async function main([command = "", ...args]) {
  const file = join(root, "local", "commands", `${command}.ts`);
  if (!/^[a-z-]+$/.test(command) || !existsSync(file)) {
    throw new Failure(`there is no command "${command}"; the commands are ${commands().join(", ")}.`);
  }
  const { engines } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const node = await supportedNode(engines.node);
  await ensureDependencies(root, node);
  handOver(node, ["--disable-warning=ExperimentalWarning", file, ...args]);
}

function commands() {
  return readdirSync(join(root, "local", "commands"))
    .filter((name) => /^[a-z-]+\.ts$/.test(name))
    .map((name) => name.slice(0, -3));
}

/**
 * @param {string} node
 * @param {string[]} args
 */
function handOver(node, args) {
  const child = spawn(node, args, {
    stdio: "inherit",
    env: {
      ...process.env,
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? cachePath("compiled"),
      PATH: [dirname(node), process.env["PATH"]].join(delimiter),
    },
  });
  for (const signal of /** @type {NodeJS.Signals[]} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    // A terminal sends Ctrl-C to the child as well, and a second one would end it without cleaning up.
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  child.once("error", (error) => fail(`${node} cannot be started: ${error.message}`));
  child.once("exit", (code, signal) => process.exit(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
}

/** @param {string} sentence */
function fail(sentence) {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

main(process.argv.slice(2)).catch((error) => {
  const { code, message, stack } = error;
  if (error instanceof Failure) fail(message);
  if (code === "ENOSPC") fail(`the disk is full (${message}). Free at least 2 GB and start again.`);
  if (code === "EACCES" || code === "EROFS")
    fail(`a folder cannot be written (${message}). Give this user access to it.`);
  fail(stack);
});
