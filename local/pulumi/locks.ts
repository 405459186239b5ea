import { readFile, readdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { UserError } from "../../infra/errors.ts";

/** Who changes a stack. */
export interface Holder {
  pid: number;
  username: string;
  hostname: string;
  timestamp: string;
}

/** What the file backend writes into the lock of a stack. */
interface Lock extends Holder {
  file: string;
}

/** Milliseconds to wait for a holder that is just ending. */
const patience = 3000;

/**
 * Removes the locks that dead processes left on a stack.
 *
 * @param name the stack, as people call it
 * @param say told of each lock removed
 * @throws UserError that names the holder when a living process holds the stack
 */
export async function releaseStaleLocks(directory: string, name: string, say: (line: string) => void): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const holders: [Lock, string][] = [];
    for (const lock of await locksIn(directory)) {
      const command = await holderOf(lock);
      if (command !== undefined) holders.push([lock, command]);
      else {
        await rm(lock.file, { force: true });
        say(
          `${name}: removed the lock of process ${lock.pid}, which ended without giving it back (held since ${lock.timestamp}).`,
        );
      }
    }
    const [holder] = holders;
    if (holder === undefined) return;
    if (Date.now() > deadline) throw held(name, ...holder);
    await sleep(200);
  }
}

async function locksIn(directory: string): Promise<Lock[]> {
  const names = await readdir(directory).catch(() => []);
  const locks = names.filter((name) => name.endsWith(".json")).map((name) => read(join(directory, name)));
  return (await Promise.all(locks)).filter((lock) => lock !== undefined);
}

/** The lock, or undefined when it has just been given back. Half a file can only be left by a crash of the machine. */
async function read(file: string): Promise<Lock | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const nobody = { pid: 0, username: "", hostname: hostname(), timestamp: "an unknown time" };
  try {
    return { ...nobody, ...(JSON.parse(text) as Partial<Lock>), file };
  } catch {
    return { ...nobody, file };
  }
}

/** What the holder is running; undefined when it is dead, or when its number now belongs to another program. */
async function holderOf(lock: Lock): Promise<string | undefined> {
  if (lock.hostname !== hostname()) return "pulumi on another machine";
  if (lock.pid === 0 || !isAlive(lock.pid)) return undefined;
  if (process.platform !== "linux") return "pulumi";
  const command = await readFile(`/proc/${lock.pid}/cmdline`, "utf8").catch(() => "");
  const [program = "", ...args] = command.split("\0").filter(Boolean);
  return program.split("/").at(-1) === "pulumi" ? ["pulumi", ...args].join(" ") : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

function held(name: string, lock: Lock, command: string): UserError {
  return new UserError({ where: name, message: heldBy(lock, ` (\`${command}\`)`) });
}

/** The sentence for a stack that another process changes. */
export function heldBy({ pid, username, hostname: host, timestamp }: Holder, command = ""): string {
  const elsewhere =
    host === hostname() ? "" : ` If that machine no longer runs it, \`npm run pulumi -- cancel\` gives the stack back.`;
  return (
    `is being changed by process ${pid} of ${username} on ${host} since ${timestamp}${command}. ` +
    `Wait until it has ended, or end that process, and run the same command again.${elsewhere}`
  );
}
