import { existsSync } from "node:fs";
import { isAbsolute, join, relative } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { checks, runCheck } from "./checks.ts";
import { findTests, groupOf, groups } from "./groups.ts";
import { runMocha } from "./run-mocha.ts";
import { sum, summary, type Results } from "./results.ts";

/** What runs: whole checks and groups by name, or single files. */
interface Selection {
  checks: typeof checks;
  files: ReadonlyMap<string, readonly string[]>;
}

/**
 * Runs checks and groups of tests one after the other and closes with "N passed, N failed[, N skipped]".
 *
 * @param names of checks and groups, or paths of test files; all when empty
 * @returns whether everything passed
 * @throws UserError when a name is unknown
 */
export async function runTests(root: string, names: readonly string[]): Promise<boolean> {
  const selection = select(root, names);
  const all = await runChecks(root, selection.checks);
  for (const [name, files] of selection.files) all.push(await runGroup(root, name, files));
  const total = sum(all);
  for (const [index, { title, detail }] of total.failures.entries()) {
    console.log(`\n${index + 1}) ${title}\n${detail.replace(/^/gm, "   ")}`);
  }
  console.log(`\n${summary(total)}`);
  return total.failures.length === 0;
}

function select(root: string, names: readonly string[]): Selection {
  const tests = findTests(root);
  if (names.length === 0) return { checks, files: tests };
  const files = new Map<string, string[]>();
  const problems: string[] = [];
  for (const name of names) {
    const path = isAbsolute(name) ? relative(root, name) : name;
    const group = groupOf(path);
    if (checks.some((check) => check.name === name)) continue;
    if (tests.has(name)) files.set(name, [...(tests.get(name) ?? [])]);
    else if (group && existsSync(join(root, path))) files.set(group.name, [...(files.get(group.name) ?? []), path]);
    else problems.push(name);
  }
  if (problems.length > 0) {
    const known = [...checks, ...groups].map(({ name }) => name).join(", ");
    throw new UserError(
      problems.map((where) => ({
        where,
        message: `there is no such group and no such test file; the groups are ${known}.`,
      })),
    );
  }
  return { checks: checks.filter(({ name }) => names.includes(name)), files };
}

/** The checks do not compete for memory, so they run side by side. */
async function runChecks(root: string, selected: typeof checks): Promise<Results[]> {
  return await Promise.all(
    selected.map(async (check) => {
      const started = performance.now();
      const results = await runCheck(root, check);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(`  ${results.failures.length > 0 ? "ERR" : "ok "} ${check.title} (${seconds} s)`);
      return results;
    }),
  );
}

async function runGroup(root: string, name: string, files: readonly string[]): Promise<Results> {
  const group = groups.find((candidate) => candidate.name === name);
  if (!group) throw new Error(`no group ${name}`);
  const started = performance.now();
  console.log(`\n${name}: ${files.length} files`);
  const obstacle = group.obstacle?.();
  if (obstacle !== undefined) {
    console.log(`  --  skipped: ${obstacle}`);
    return { passed: 0, skipped: files.length, failures: [] };
  }
  if (files.length === 0) {
    const detail = `No file ends in ${group.ending}; add one or remove the group from local/testing/groups.ts.`;
    return { passed: 0, skipped: 0, failures: [{ title: `tests of group ${name}`, detail }] };
  }
  const results = await runMocha(root, group, files);
  console.log(`  ${summary(results)} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
  return results;
}
