import { tmpdir } from "node:os";
import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

import { UserError } from "../infra/errors.ts";
import { cachePath } from "./cache.ts";

/** What an option looks like on the command line, beside what Node needs to read it. */
export interface OptionHelp {
  /** Completes "--name " for people, such as "NAME". @default nothing, the option is a flag */
  value?: string;
  /** The values that are allowed. @default any */
  choices?: readonly string[];
}

type Options = Record<string, ParseArgsOptionsConfig[string] & OptionHelp>;
type Values<T extends Options> = ReturnType<typeof parseArgs<{ options: T; strict: true }>>["values"];

/**
 * Runs a command and ends the process with its exit code. Mistakes of the user are shown as sentences.
 *
 * @param work receives the arguments and returns the exit code, 0 when it returns nothing
 */
export async function runCommand(work: (args: string[]) => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = (await work(process.argv.slice(2))) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    const sentence = error instanceof UserError ? error.message : ofMachine(error as NodeJS.ErrnoException);
    if (sentence === undefined) throw error;
    process.stderr.write(`${sentence}\n`);
  }
}

/** The sentence for a failure that is not the program's but the machine's. */
function ofMachine({ code = "", path, dest }: NodeJS.ErrnoException & { dest?: string }): string | undefined {
  const where = dest ?? path;
  if (code === "ENOSPC")
    return `${where ?? `${cachePath()} or ${tmpdir()}`}: the disk is full; free at least 2 GB there and run the same command again.`;
  if (where !== undefined && ["EACCES", "EPERM", "EROFS"].includes(code)) {
    return `${where}: this user may not write there; give it access, or name a folder of its own in AGENT_COMMERCE_CACHE.`;
  }
  return undefined;
}

/**
 * Reads the options of a command.
 *
 * @throws UserError when an option is unknown or misses its value, with all that is allowed
 */
export function readOptions<const T extends Options>(args: string[], options: T): Values<T> {
  const values = parse(args, options) as Values<T>;
  for (const [name, { choices }] of Object.entries(options)) {
    const value = (values as Record<string, unknown>)[name];
    if (choices === undefined || typeof value !== "string" || choices.includes(value)) continue;
    throw new UserError({
      where: `--${name}`,
      message: `"${value}" is not allowed; allowed are ${choices.join(", ")}.`,
    });
  }
  return values;
}

function parse(args: string[], options: Options) {
  try {
    return parseArgs({ args, options, strict: true, allowPositionals: false }).values;
  } catch (error) {
    const reason = (error as Error).message.split(/[.\n]/)[0] ?? "";
    const wrong = /'(\S+?)[' ]/.exec(reason)?.[1] ?? args.join(" ");
    const known = Object.entries(options).map(([name, { value, choices }]) =>
      [`--${name}`, choices?.join("|") ?? value].filter(Boolean).join(" "),
    );
    throw new UserError({
      where: wrong,
      message: `${reason.charAt(0).toLowerCase()}${reason.slice(1)}; the options are ${known.join(", ")}.`,
    });
  }
}
