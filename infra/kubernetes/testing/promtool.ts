import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { ensureDebianPackages } from "../../../local/packages.ts";
import { run, type RunResult } from "../../../local/run.ts";

/** Installs the programs that check what Prometheus and Alertmanager read. */
export async function installCheckers(): Promise<void> {
  await ensureDebianPackages(["prometheus", "prometheus-alertmanager"], "checking the rules of Prometheus");
}

/** Runs a checker on files in a folder of their own, the first of which it is told. */
export async function check(command: readonly string[], files: Record<string, string>): Promise<RunResult> {
  const folder = await mkdtemp(join(tmpdir(), "rules-"));
  try {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    const [program = "", ...args] = command;
    return await run(program, [...args, ...Object.keys(files).slice(0, 1)], { cwd: folder, mayFail: true });
  } finally {
    await rm(folder, { recursive: true });
  }
}
