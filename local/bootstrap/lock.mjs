import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { link, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const pollMilliseconds = 200;

/**
 * Runs the work while no other live process holds the same lock file. The lock of a process that has died, however it
 * died, is taken over.
 *
 * @template T
 * @param {string} file
 * @param {() => Promise<T>} work
 * @param {(owner: number) => void} [onWait] called once, with the process id of the owner, before waiting
 * @returns {Promise<T>}
 */
export async function withLock(file, work, onWait) {
  const mine = await acquire(file, onWait);
  try {
    return await work();
  } finally {
    if ((await read(file)) === mine) await rm(file, { force: true });
  }
}

/**
 * @param {string} file
 * @param {((owner: number) => void) | undefined} onWait
 */
async function acquire(file, onWait) {
  await mkdir(dirname(file), { recursive: true });
  const mine = `${process.pid} ${startTime(process.pid)} ${randomBytes(4).toString("hex")}\n`;
  const temporary = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(temporary, mine);
  try {
    for (let waited = false; ;) {
      if (await linked(temporary, file)) return mine;
      const owner = await read(file);
      if (owner === undefined) continue;
      if (!isAlive(owner)) {
        await takeAway(file, owner, `${temporary}.dead`);
        continue;
      }
      if (!waited) onWait?.(Number(owner.split(" ")[0]));
      waited = true;
      await sleep(pollMilliseconds);
    }
  } finally {
    await rm(temporary, { force: true });
  }
}

/**
 * A hard link appears with its content, or not at all: no reader ever sees a lock without its owner.
 *
 * @param {string} from
 * @param {string} to
 */
async function linked(from, to) {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}

/**
 * Removes a dead owner's lock, and puts it back if another process took it over in the meantime.
 *
 * @param {string} file
 * @param {string} deadOwner
 * @param {string} aside
 */
async function takeAway(file, deadOwner, aside) {
  try {
    await rename(file, aside);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "ENOENT") return;
    throw error;
  }
  if ((await read(aside)) !== deadOwner) await linked(aside, file);
  await rm(aside, { force: true });
}

/** @param {string} file */
async function read(file) {
  return await readFile(file, "utf8").catch(() => undefined);
}

/**
 * Whether the process that wrote a lock still runs. A process id alone is not enough: after a restart of the machine
 * it belongs to someone else.
 *
 * @param {string} owner
 */
function isAlive(owner) {
  const [pid = "", started = ""] = owner.trim().split(" ");
  if (!/^[1-9]\d*$/.test(pid)) return false;
  try {
    process.kill(Number(pid), 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
  return started === "" || started === startTime(Number(pid));
}

/**
 * When a process started, in clock ticks since boot; "-" where the system does not say.
 *
 * @param {number} pid
 */
function startTime(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "-";
  } catch {
    return "-";
  }
}
