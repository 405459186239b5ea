import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Group } from "./groups.ts";
import { recordVariable } from "./reporter.ts";
import { readRecord, type Results } from "./results.ts";

const mocha = join("node_modules", "mocha", "bin", "mocha.js");
const reporter = join(import.meta.dirname, "reporter.ts");

/** Milliseconds that a process may go on after its last test: what still runs then is a leak of a test. */
const leakAfter = 5000;

/** Runs test files of one group in a process of their own. */
export async function runMocha(root: string, group: Group, files: readonly string[]): Promise<Results> {
  const directory = await mkdtemp(join(tmpdir(), "agent-commerce-tests-"));
  const record = join(directory, "record");
  try {
    const args = ["--reporter", reporter, "--timeout", String(group.testTimeout), ...files];
    const ending = await ended(root, args, record, group.groupTimeout);
    const text = await readFile(record, "utf8").catch(() => "");
    return readRecord(`tests of group ${group.name}`, text, ending);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** How mocha ended, in words; undefined when it ended by itself, whatever the tests came to. */
function ended(root: string, args: readonly string[], record: string, limit: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", mocha, ...args], {
      cwd: root,
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, [recordVariable]: record },
    });
    let reason: string | undefined;
    const end = (why: string) => {
      reason = why;
      child.kill("SIGKILL");
    };
    const overall = setTimeout(() => end(`no end after ${limit / 60_000} minutes`), limit);
    let leak: NodeJS.Timeout | undefined;
    child.once("message", () => {
      leak = setTimeout(() => end("something left open: a server, timer or child process of a test"), leakAfter);
    });
    child.once("error", (error) => (reason = error.message));
    child.once("close", (code, signal) => {
      clearTimeout(overall);
      clearTimeout(leak);
      resolve(reason ?? (code === 0 ? undefined : code === null ? `signal ${signal}` : `exit code ${code}`));
    });
  });
}
