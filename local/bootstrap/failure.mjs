import { statfsSync } from "node:fs";

/** With less room than this, in bytes, any failure to write is one of the disk: npm often reports another. */
const fullBelow = 16 * 2 ** 20;

/** A failure told as one sentence, without a stack trace. */
export class Failure extends Error {}

/** @type {[pattern: RegExp, sentence: (where: string) => string][]} */
const reasons = [
  [/ENOSPC/, (where) => `the disk is full. Free at least 2 GB at ${where} and start again.`],
  [/EACCES|EPERM|EROFS/, (where) => `${where} cannot be written. Give this user write access to it and start again.`],
  [
    /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT/,
    () => "the npm registry cannot be reached. Check the network, or `npm config get registry`, and start again.",
  ],
  [
    /code E40[134]|ETARGET/,
    () => "the npm registry refuses a package. Check `npm config get registry` and its credentials, and start again.",
  ],
  [
    /EUSAGE|can only install packages when your package\.json and package-lock\.json/,
    () => "package.json and package-lock.json do not agree. Run `npm install --ignore-scripts` and commit both.",
  ],
  [
    /EINTEGRITY/,
    () => "a package is not the one that package-lock.json names. Run `npm cache clean --force` and start again.",
  ],
];

/**
 * The sentence for what npm printed when it failed.
 *
 * @param {string} what completes "... failed because"
 * @param {string} output
 * @param {string} where the folder npm was writing to
 */
export function npmFailure(what, output, where) {
  const told = isFull(where) ? "ENOSPC" : output;
  const known = reasons.find(([pattern]) => pattern.test(told));
  if (known) return new Failure(`${what} failed because ${known[1](where)}`);
  const tail = output.trim().split("\n").slice(-6).join("\n  ");
  return new Failure(`${what} failed; npm says:\n  ${tail}`);
}

/** @param {string} directory */
function isFull(directory) {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize < fullBelow;
  } catch {
    return false;
  }
}
