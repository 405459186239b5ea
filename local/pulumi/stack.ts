import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { explain } from "./explain.ts";
import type { Engine } from "./index.ts";

/** A stack of the project in a folder. */
export interface Stack {
  /** The folder with Pulumi.yaml. */
  cwd: string;
  stack: string;
}

/** Where the file backend keeps a stack. */
export interface StackFiles {
  project: string;
  /** The current state. */
  state: string;
  /** The folders with older states: copies made before a change, and the history made after each. */
  backups: string;
  history: string;
  locks: string;
}

/** Where a stack is kept; undefined when the backend is not a folder of this machine. */
export async function stackFiles(engine: Engine, { cwd, stack }: Stack): Promise<StackFiles | undefined> {
  const url = engine.env["PULUMI_BACKEND_URL"] ?? "";
  if (!url.startsWith("file:///")) return undefined;
  const root = join(decodeURIComponent(new URL(url).pathname), ".pulumi");
  const project = await projectName(cwd);
  return {
    project,
    state: join(root, "stacks", project, `${stack}.json`),
    backups: join(root, "backups", project, stack),
    history: join(root, "history", project, stack),
    locks: join(root, "locks", "organization", project, stack),
  };
}

/** How a state file says what its secrets are encrypted with. */
interface Encrypted {
  checkpoint?: { latest?: { secrets_providers?: { type: string; state?: { salt?: string } } } | null };
}

/**
 * The salt of the passphrase that a stack's state was encrypted with, as the key of its settings. Given settings
 * without a salt, the engine makes one for whatever passphrase it is given, and then refuses the right one for ever.
 */
export async function stateSalt(engine: Engine, place: Stack): Promise<{ encryptionsalt?: string }> {
  const files = await stackFiles(engine, place);
  const text = await readFile(files?.state ?? "", "utf8").catch(() => "{}");
  const { checkpoint } = JSON.parse(text) as Encrypted;
  const { type, state } = checkpoint?.latest?.secrets_providers ?? {};
  const salt = type === "passphrase" ? state?.salt : undefined;
  return salt === undefined ? {} : { encryptionsalt: salt };
}

/**
 * Creates the stack when there is none yet. `pulumi stack init` writes a new salt into the project's Pulumi.<stack>.yaml,
 * which is committed; it is therefore run beside the project.
 */
export async function ensureStack(engine: Engine, place: Stack): Promise<void> {
  const files = await stackFiles(engine, place);
  if (files && existsSync(files.state)) return;
  const beside = await mkdtemp(join(tmpdir(), "stack-"));
  try {
    await writeFile(
      join(beside, "Pulumi.yaml"),
      `name: ${JSON.stringify(await projectName(place.cwd))}\nruntime: nodejs\n`,
    );
    const args = ["stack", "init", "--no-select", "--non-interactive", place.stack];
    const result = await engine.run(args, { cwd: beside, mayFail: true });
    if (result.code !== 0 && !/already exists/.test(result.stderr)) throw explain(args, result);
  } finally {
    await rm(beside, { recursive: true, force: true });
  }
}

async function projectName(cwd: string): Promise<string> {
  const path = join(cwd, "Pulumi.yaml");
  const text = await readFile(path, "utf8").catch(() => {
    throw new UserError({ where: path, message: "there is no such file; run the command in the project's folder." });
  });
  const name = /^name:\s*["']?([\w.-]+)/m.exec(text)?.[1];
  if (name !== undefined) return name;
  throw new UserError({ where: path, message: "has no `name`; write the project's name there." });
}
