import { UserError } from "../../infra/errors.ts";
import type { RunResult } from "../run.ts";
import { heldBy } from "./locks.ts";

/** What the CLI says, what to tell the user instead. */
const known: [RegExp, string | ((match: readonly string[]) => string)][] = [
  [
    /incorrect passphrase/,
    "the passphrase is not the one this stack's secrets were encrypted with; set PULUMI_CONFIG_PASSPHRASE (or PULUMI_CONFIG_PASSPHRASE_FILE) to that one, or unset it to use the one in the cache.",
  ],
  [
    /unable to read PULUMI_CONFIG_PASSPHRASE_FILE/,
    "the file that PULUMI_CONFIG_PASSPHRASE_FILE names cannot be read; set it to one that can, or unset it to use the one in the cache.",
  ],
  [
    /no stack named '?([^'\s]+)'? found/,
    "there is no such stack in this state; `npm run pulumi -- stack ls` lists those that exist.",
  ],
  [
    /currently locked by[\s\S]*?created by (\S+)@(\S+) \(pid (\d+)\) at (\S+)/,
    ([, username = "", hostname = "", pid = "", timestamp = ""]) =>
      heldBy({ username, hostname, pid: Number(pid), timestamp }),
  ],
  [
    /PULUMI_ACCESS_TOKEN must be set/,
    "PULUMI_BACKEND_URL names a Pulumi service, which asks for PULUMI_ACCESS_TOKEN; set that, or set PULUMI_BACKEND_URL to a place such as file:///FOLDER or s3://BUCKET, or unset it to keep the state in the cache.",
  ],
  [
    /unable to open (?:state directory|bucket) "?([^\s"]+)/,
    ([, place]) =>
      `the state cannot be kept in ${place}; set PULUMI_BACKEND_URL to a place that exists, or unset it to keep the state in the cache.`,
  ],
  [/no space left on device/, "the disk is full; make room and run the same command again."],
];

/** The sentence for what the CLI said when it failed; undefined when the cause is none of the known ones. */
export function knownCause(said: string): string | undefined {
  for (const [pattern, sentence] of known) {
    const match = pattern.exec(said);
    if (match) return typeof sentence === "string" ? sentence : sentence(match);
  }
  return undefined;
}

/** Makes a user's error of a failed run of the CLI: a known cause as one sentence, else the end of what it said. */
export function explain(args: readonly string[], result: RunResult): UserError {
  const where = `pulumi ${args.slice(0, 2).join(" ")}`;
  const message = knownCause(`${result.stdout}\n${result.stderr}`);
  if (message !== undefined) return new UserError({ where, message });
  const tail = (result.stderr.trim() || result.stdout.trim()).split("\n").slice(-20).join("\n  ");
  return new UserError({ where, message: `ended with exit code ${result.code}:\n  ${tail}` });
}
