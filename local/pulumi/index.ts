import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { cachePath } from "../cache.ts";
import { run, type RunOptions, type RunResult } from "../run.ts";
import { findCli } from "./engine.ts";
import { explain } from "./explain.ts";
import { fillHome, hasOfficialPlugins } from "./home.ts";

/** Pulumi's own engine, ready to run with the project's state. */
export interface Engine {
  /** The path of `pulumi`. */
  command: string;
  /** Whose resource plugins and language host it uses. */
  plugins: "official" | "local";
  /** What its environment needs in addition to this process's own. No value is a secret. */
  env: Record<string, string>;
  /**
   * Runs the CLI to its end; it is ended when this process dies.
   *
   * @throws UserError that says what to do when it fails, unless `mayFail`
   */
  run(args: readonly string[], options?: RunOptions): Promise<RunResult>;
}

/**
 * Makes the engine ready: the user's own CLI with Pulumi's plugins where they can be had, else the built one with the
 * local plugins in a PULUMI_HOME of the project's own.
 *
 * State is kept in files in the cache, unless PULUMI_BACKEND_URL names another backend; secrets are encrypted with a
 * passphrase kept beside it, unless PULUMI_CONFIG_PASSPHRASE or PULUMI_CONFIG_PASSPHRASE_FILE is set.
 *
 * @param options.backend URL of another place for the state
 * @throws UserError when the CLI has to be built and cannot be
 */
export async function ensureEngine({ backend }: { backend?: string } = {}): Promise<Engine> {
  const cli = await findCli();
  const official = await hasOfficialPlugins(cli);
  const home = cachePath("pulumi", "home");
  const command = official ? cli.command : await fillHome(cli, home);
  const env = {
    PULUMI_BACKEND_URL: backend ?? (await defaultBackend()),
    ...(await passphrase()),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"] ?? cachePath("compiled"),
    ...(official
      ? {}
      : {
          PULUMI_HOME: home,
          PULUMI_IGNORE_AMBIENT_PLUGINS: "true",
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        }),
  };
  const plugins = official ? "official" : "local";
  return { command, plugins, env, run: (args, options) => runEngine(command, args, env, options) };
}

async function runEngine(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  { mayFail = false, ...options }: RunOptions = {},
): Promise<RunResult> {
  const [program = command, ...rest] = [...untilParentDies(), command, ...args];
  const result = await run(program, rest, {
    ...options,
    env: { ...process.env, ...options.env, ...env },
    mayFail: true,
  });
  if (result.code !== 0 && !mayFail) throw explain(args, result);
  return result;
}

/** Linux ends the child with this process, even when this process is killed; elsewhere the child goes on by itself. */
function untilParentDies(): string[] {
  const setpriv = "/usr/bin/setpriv";
  return existsSync(setpriv) ? [setpriv, "--pdeathsig", "TERM", "--"] : [];
}

async function defaultBackend(): Promise<string> {
  const chosen = process.env["PULUMI_BACKEND_URL"];
  if (chosen !== undefined) return chosen;
  const state = cachePath("pulumi", "state");
  await mkdir(state, { recursive: true, mode: 0o700 });
  return `file://${state}`;
}

/** The passphrase file is created once, complete from the moment it has its name. */
async function passphrase(): Promise<Record<string, string>> {
  if (["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"].some((name) => process.env[name] !== undefined))
    return {};
  const file = cachePath("pulumi", "passphrase");
  if (!existsSync(file)) {
    await mkdir(dirname(file), { recursive: true });
    const temporary = `${file}.${randomBytes(4).toString("hex")}.tmp`;
    try {
      await writeFile(temporary, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
      await link(temporary, file).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== "EEXIST") throw error;
      });
    } finally {
      await rm(temporary, { force: true });
    }
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}
