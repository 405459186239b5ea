import { spawn } from "node:child_process";
import { constants } from "node:os";

import { ensureEngine } from "./index.ts";

/**
 * `npm run pulumi -- ARGS`: Pulumi's own CLI with the home, state and passphrase that the other commands use.
 *
 * @returns the CLI's exit code
 */
export async function pulumiCommand(args: readonly string[]): Promise<number> {
  const { command, env } = await ensureEngine();
  const child = spawn(command, args, { stdio: "inherit", env: { ...process.env, ...env } });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    // A terminal sends Ctrl-C to the CLI as well, and a second one would make it stop without tidying up.
    process.on(signal, () => (signal === "SIGINT" && process.stdin.isTTY ? undefined : child.kill(signal)));
  }
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGKILL"]));
  });
}
