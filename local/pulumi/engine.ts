import { accessSync, constants } from "node:fs";
import { readFile } from "node:fs/promises";
import { delimiter, join } from "node:path";

import { goBuild } from "../go.ts";
import { run } from "../run.ts";

const module = join(import.meta.dirname, "engine");
const upstream = "github.com/pulumi/pulumi";

/** A Pulumi CLI. */
export interface Cli {
  /** The path of `pulumi`. */
  command: string;
  /** Whether it is the user's own, found on PATH, or was built here. */
  origin: "path" | "built";
}

/**
 * The Pulumi CLI to use: one on PATH from 3.229 up to, but not including, 4; else the pinned version, built from its
 * Go module into the cache.
 *
 * @throws UserError when it has to be built and cannot be
 */
export async function findCli(): Promise<Cli> {
  const command = onPath("pulumi");
  if (command !== undefined && (await fits(command))) return { command, origin: "path" };
  return { command: await buildCli(), origin: "built" };
}

/** Builds the pinned CLI, or finds it in the cache. */
export async function buildCli(): Promise<string> {
  const pinned = new RegExp(`${upstream}/pkg/v3 (v3\\S+)`).exec(await readFile(join(module, "go.mod"), "utf8"))?.[1];
  if (pinned === undefined) throw new Error(`${module}/go.mod does not name a version of ${upstream}/pkg/v3.`);
  return await goBuild({
    name: "pulumi",
    module,
    package: `${upstream}/pkg/v3/cmd/pulumi`,
    variables: { [`${upstream}/sdk/v3/go/common/version.Version`]: pinned },
  });
}

function onPath(name: string): string | undefined {
  const folders = (process.env["PATH"] ?? "").split(delimiter).filter(Boolean);
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

async function fits(command: string): Promise<boolean> {
  const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
  const { code, stdout } = await run(command, ["version"], { env, mayFail: true, timeout: 10_000 });
  const [, major, minor] = /^v?(\d+)\.(\d+)\./.exec(stdout.trim()) ?? [];
  return code === 0 && major === "3" && Number(minor) >= 229;
}
