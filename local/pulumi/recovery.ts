import { copyFile, mkdtemp, readFile, readdir, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { replace } from "./home.ts";
import type { Engine } from "./index.ts";
import { releaseStaleLocks } from "./locks.ts";
import { ensureStack, stackFiles, type Stack, type StackFiles } from "./stack.ts";

/** The parts of a state file that matter here. */
interface State {
  checkpoint: { latest?: { pending_operations?: { type: string; resource: { urn: string } }[] } | null };
}

/**
 * Makes a stack ready for a command of the CLI, whatever an earlier one left behind: creates the stack, restores a
 * damaged state, gives back the locks of dead processes and forgets operations that were cut off, which the next `up`
 * does again. Backends other than a folder of this machine look after themselves.
 *
 * @param options.change false for a command that changes nothing, such as a preview: it needs no lock
 * @param options.say told in a sentence of everything that was mended. @default written to standard error
 * @throws UserError when another process is changing the stack, or when the state is damaged beyond repair
 */
export async function prepareStack(
  engine: Engine,
  place: Stack,
  options: { change?: boolean; say?: (line: string) => void } = {},
): Promise<void> {
  const { change = true, say = (line) => process.stderr.write(`  ${line}\n`) } = options;
  const files = await stackFiles(engine, place);
  if (files) {
    const name = `${files.project}/${place.stack}`;
    if (change) await releaseStaleLocks(files.locks, name, say);
    await removeDamagedAttributes(files);
    await restoreDamagedState(files, name, say);
    if (change) await forgetInterrupted(engine, place, files, name, say);
  }
  await ensureStack(engine, place);
}

/**
 * The backend keeps a small file of attributes beside each state file and cannot read the state when a killed process
 * has left that file half-written. It does without the file, and writes it anew.
 */
async function removeDamagedAttributes({ state }: StackFiles): Promise<void> {
  for (const file of [`${state}.attrs`, `${state}.bak.attrs`]) {
    const text = await readFile(file, "utf8").catch(() => "{}");
    if (!isJson(text)) await rm(file, { force: true });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Puts the newest sound copy in the place of a state file that cannot be read; keeps the damaged file beside it. */
async function restoreDamagedState(files: StackFiles, name: string, say: (line: string) => void): Promise<void> {
  const text = await readFile(files.state, "utf8").catch(() => undefined);
  if (text === undefined || parse(text)) return;
  const sound = await newestSound(files);
  if (!sound) {
    throw new UserError({
      where: files.state,
      message:
        `the state of ${name} is damaged and no earlier copy can be read. The file is left as it is: put a backup of yours in its place, ` +
        "or move it away and bring the resources back with `npm run pulumi -- import`.",
    });
  }
  const damaged = `${files.state}.damaged-${Date.now()}`;
  await copyFile(files.state, damaged);
  await replace(files.state, (temporary) => copyFile(sound.file, temporary));
  say(
    `${name}: the state was damaged and is now the copy of ${sound.time.toISOString()} (${sound.file}); ` +
      `the damaged file is kept as ${damaged}. \`npm run refresh\` compares it with what really exists.`,
  );
}

async function newestSound({ state, backups, history }: StackFiles): Promise<{ file: string; time: Date } | undefined> {
  const names = async (directory: string, ending: string) =>
    (await readdir(directory).catch(() => []))
      .filter((name) => name.endsWith(ending))
      .map((name) => join(directory, name));
  const candidates = [
    `${state}.bak`,
    ...(await names(backups, ".json")),
    ...(await names(history, ".checkpoint.json")),
  ];
  const dated = await Promise.all(
    candidates.map((file) =>
      stat(file).then(
        ({ mtime }) => ({ file, time: mtime }),
        () => undefined,
      ),
    ),
  );
  const newestFirst = dated.filter((copy) => copy !== undefined).sort((a, b) => b.time.getTime() - a.time.getTime());
  for (const copy of newestFirst) {
    if (parse(await readFile(copy.file, "utf8"))) return copy;
  }
  return undefined;
}

function parse(text: string): State | undefined {
  try {
    const state = JSON.parse(text) as Partial<State> | null;
    return typeof state?.checkpoint === "object" && state.checkpoint !== null ? (state as State) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The engine keeps operations that were cut off and warns of them for ever, since it cannot know how they ended. Its
 * own export and import drop them; the plugins take over what had already been made.
 */
async function forgetInterrupted(
  engine: Engine,
  { cwd, stack }: Stack,
  { state }: StackFiles,
  name: string,
  say: (line: string) => void,
): Promise<void> {
  const interrupted = parse(await readFile(state, "utf8").catch(() => ""))?.checkpoint.latest?.pending_operations ?? [];
  if (interrupted.length === 0) return;
  const directory = await mkdtemp(join(tmpdir(), "state-"));
  const file = join(directory, "state.json");
  try {
    await engine.run(["stack", "export", "--stack", stack, "--file", file], { cwd });
    await engine.run(["stack", "import", "--stack", stack, "--file", file], { cwd });
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
  const what = interrupted.map(({ type, resource }) => `${type} ${resource.urn.split("::").at(-1)}`).join(", ");
  say(`${name}: an earlier run was cut off while ${what}; what is missing will be done again.`);
}
