import { randomBytes } from "node:crypto";
import { constants, existsSync, readFileSync } from "node:fs";
import { chmod, copyFile, link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, join } from "node:path";

import { cachePath } from "../cache.ts";
import { step } from "../progress.ts";
import { run } from "../run.ts";
import type { Cli } from "./engine.ts";

const checkout = join(import.meta.dirname, "..", "..");

/** The providers that the project's programs use; each version is the one of the npm package installed. */
const providers = ["kubernetes", "random", "aws"] as const;

/** Milliseconds for which a failed download of the official plugins is not tried again. */
const patience = 3_600_000;

/**
 * Whether the official plugins are there, or could be downloaded just now, for a CLI of the user's own.
 * A failure is remembered for an hour.
 */
export async function hasOfficialPlugins(cli: Cli): Promise<boolean> {
  if (cli.origin === "built") return false;
  const home = process.env["PULUMI_HOME"] ?? join(homedir(), ".pulumi");
  const missing = providers.filter(
    (name) => !existsSync(join(home, "plugins", `resource-${name}-v${providerVersion(name)}`)),
  );
  if (missing.length === 0) return true;
  const refused = cachePath("pulumi", "official-plugins-refused");
  const since = await stat(refused).then(
    (file) => Date.now() - file.mtimeMs,
    () => Infinity,
  );
  if (since < patience) return false;
  const downloaded = await step("asking for Pulumi's own plugins", async (report) => {
    for (const name of missing) {
      report(name);
      const args = ["plugin", "install", "resource", name, providerVersion(name)];
      const { code } = await run(cli.command, args, { mayFail: true, timeout: 600_000 });
      if (code !== 0) return false;
    }
    return true;
  });
  if (downloaded) return true;
  process.stderr.write("      Pulumi's own plugins cannot be downloaded here; the project's local ones are used.\n");
  await mkdir(dirname(refused), { recursive: true });
  await writeFile(refused, "");
  return false;
}

/**
 * Fills a PULUMI_HOME of the project's own with the CLI, the Node language host beside it and the local plugins, and
 * brings it up to date when the checkout, Node or a version has changed.
 *
 * @returns the path of the CLI in that home
 */
export async function fillHome(cli: Cli, home: string): Promise<string> {
  const command = join(home, "bin", "pulumi");
  await placeCli(cli.command, command);
  await placeLauncher(join(home, "bin", "pulumi-language-nodejs"), "local/pulumi/language-host/main.ts");
  for (const name of providers) {
    const directory = join(home, "plugins", `resource-${name}-v${providerVersion(name)}`);
    await placeLauncher(join(directory, `pulumi-resource-${name}`), `local/pulumi/plugins/${name}/main.ts`);
  }
  return command;
}

/** The version of a provider's npm package, which is the version of its plugin. */
export function providerVersion(name: (typeof providers)[number]): string {
  const manifest = readFileSync(join(checkout, "node_modules", "@pulumi", name, "package.json"), "utf8");
  return (JSON.parse(manifest) as { version: string }).version.replace(/^v/, "");
}

/** The engine looks for the language host beside its own real path, so a symbolic link would not do. */
async function placeCli(source: string, target: string): Promise<void> {
  const [wanted, present] = await Promise.all([stat(source), stat(target).catch(() => undefined)]);
  if (present?.ino === wanted.ino && present.dev === wanted.dev) return;
  if (present?.size === wanted.size && present.mtimeMs === wanted.mtimeMs) return;
  await replace(target, async (temporary) => {
    await link(source, temporary).catch(async () => {
      await copyFile(source, temporary, constants.COPYFILE_FICLONE);
      await utimes(temporary, wanted.atime, wanted.mtime);
    });
  });
}

async function placeLauncher(target: string, script: string): Promise<void> {
  const words = [process.execPath, "--disable-warning=ExperimentalWarning", join(checkout, script)];
  const text = `#!/bin/sh\nexec ${words.map(quote).join(" ")} "$@"\n`;
  if ((await readFile(target, "utf8").catch(() => "")) === text) return;
  await replace(target, async (temporary) => {
    await writeFile(temporary, text);
    await chmod(temporary, 0o755);
  });
}

function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

/** Writes beside the target and renames, so that a running engine never sees half a file. */
export async function replace(target: string, write: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(target), { recursive: true });
  const temporary = `${target}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, target);
  } finally {
    await rm(temporary, { force: true });
  }
}
