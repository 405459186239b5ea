import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { cachePath, contentKey } from "../cache.ts";
import { run } from "../run.ts";
import { sourceFiles } from "./files.ts";
import type { Results } from "./results.ts";

/** A check of the whole source text that counts as one test. */
export interface Check {
  name: string;
  title: string;
  /** The program below node_modules and its arguments; `cache` is a folder of this checkout's own. */
  command: (cache: string) => readonly string[];
  /** The check keeps no sound cache of its own, so an unchanged checkout is not checked again. @default false */
  skipUnchanged?: boolean;
}

/** The checks in the order in which they are reported. */
export const checks: readonly Check[] = [
  {
    name: "types",
    title: "the type check",
    command: (cache) => ["typescript/bin/tsc", "-p", ".", "--incremental", "--tsBuildInfoFile", join(cache, "types")],
  },
  {
    name: "lint",
    title: "ESLint",
    // ESLint's own cache does not notice that a type changed in another file.
    skipUnchanged: true,
    command: () => ["eslint/bin/eslint.js", "--max-warnings", "0", "."],
  },
  {
    name: "format",
    title: "Prettier",
    command: (cache) => {
      const cached = ["--cache", "--cache-strategy", "content", "--cache-location", join(cache, "format")];
      return ["prettier/bin/prettier.cjs", "--check", ...cached, "--log-level", "warn", "."];
    },
  },
];

/** Runs one check in a process of its own. */
export async function runCheck(root: string, check: Check): Promise<Results> {
  const cache = cachePath("checks", contentKey(root));
  await mkdir(cache, { recursive: true });
  const passedBefore = check.skipUnchanged ? join(cache, `${check.name}-${await sourceKey(root)}`) : undefined;
  if (passedBefore !== undefined && existsSync(passedBefore)) return { passed: 1, skipped: 0, failures: [] };
  const [program = "", ...args] = check.command(cache);
  const result = await run(process.execPath, [join("node_modules", program), ...args], { cwd: root, mayFail: true });
  if (result.code === 0) {
    if (passedBefore !== undefined) await writeFile(passedBefore, "");
    return { passed: 1, skipped: 0, failures: [] };
  }
  const detail = `${result.stdout}${result.stderr}`.trim();
  return { passed: 0, skipped: 0, failures: [{ title: check.title, detail }] };
}

/** A key of everything a check of the sources depends on. */
async function sourceKey(root: string): Promise<string> {
  const files = [...sourceFiles(root, ".ts", ".js", ".mjs"), "eslint.config.js", "tsconfig.json", "package-lock.json"];
  return contentKey(...files, ...(await Promise.all(files.map((file) => readFile(join(root, file))))));
}
