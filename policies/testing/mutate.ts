// Mutation testing of the policies: how many small changes of a rule its tests notice.
//
//   node policies/testing/mutate.ts [--policy img-pinned,probes] [--sample 20] [--seed 1] [--seconds 600]
//
// Each mutant runs that policy's test and its examples in processes of their own, one mutant after the other, in a copy
// of the pack. Not part of any test run: it takes seconds for every mutant.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { catalogue } from "../catalogue.ts";
import { mutantsOf, type Mutant } from "./mutation/mutants.ts";

/** Longest time of one mutant: an endless loop counts as noticed. */
const LIMIT_MS = 90_000;

const checkout = join(import.meta.dirname, "..", "..");

interface Candidate extends Mutant {
  /** Relative to the pack. */
  file: string;
}

const { values } = parseArgs({
  options: {
    policy: { type: "string", default: "" },
    sample: { type: "string", default: "0" },
    seed: { type: "string", default: "1" },
    seconds: { type: "string", default: "0" },
  },
});
const chosen = values.policy === "" ? catalogue.map(({ name }) => name) : values.policy.split(",");
const deadline = values.seconds === "0" ? Infinity : Date.now() + Number(values.seconds) * 1000;

const root = await mkdtemp(join(tmpdir(), "mutants-"));
let [killed, total, tested] = [0, 0, 0];
try {
  await copyPack();
  for (const name of chosen) {
    if (Date.now() > deadline) break;
    await testPolicy(name);
  }
  const share = total === 0 ? "" : ` (${((100 * killed) / total).toFixed(1)} %)`;
  console.log(`${tested} of ${chosen.length} policies: ${killed} of ${total} mutants killed${share}`);
} finally {
  await rm(root, { recursive: true, force: true });
}

async function copyPack(): Promise<void> {
  await cp(join(checkout, "policies"), join(root, "policies"), { recursive: true });
  for (const name of ["node_modules", "package.json", "infra", "stacks", "local", "app"]) {
    await symlink(join(checkout, name), join(root, name));
  }
}

async function testPolicy(name: string): Promise<void> {
  if (!existsSync(join(root, "policies", "rules", `${name}.test.ts`))) {
    console.log(`${name}: it has no test`);
    return;
  }
  await writeCatalogue([name]);
  if (!(await passes(name))) {
    // Some tests ask about other policies, too.
    await cp(join(checkout, "policies", "catalogue.ts"), join(root, "policies", "catalogue.ts"));
    if (!(await passes(name))) {
      console.log(`${name}: its tests fail without a mutant`);
      return;
    }
  }
  tested++;
  const candidates = sampled(await candidatesOf(name), Number(values.sample), name);
  const survivors: Candidate[] = [];
  let run = 0;
  for (const candidate of candidates) {
    if (Date.now() > deadline) break;
    run++;
    const file = join(root, "policies", candidate.file);
    const original = await readFile(file, "utf8");
    await writeFile(file, candidate.text);
    if (await passes(name)) survivors.push(candidate);
    await writeFile(file, original);
  }
  killed += run - survivors.length;
  total += run;
  console.log(`${name}: ${run - survivors.length} of ${run} killed`);
  for (const { file, line, before, after } of survivors) {
    console.log(`  survived ${file}:${line} ${oneLine(before)} -> ${oneLine(after)}`);
  }
}

/** A catalogue of few policies starts faster. */
async function writeCatalogue(names: readonly string[]): Promise<void> {
  const text = await readFile(join(checkout, "policies", "catalogue.ts"), "utf8");
  const lines = names.map((name) => {
    const found = new RegExp(`^import \\{ (\\w+) \\} from "\\./rules/${name}\\.ts";$`, "m").exec(text);
    if (found === null) throw new Error(`catalogue.ts does not import rules/${name}.ts.`);
    return { line: found[0], variable: found[1] };
  });
  const all = lines.map(({ variable }) => variable).join(", ");
  await writeFile(
    join(root, "policies", "catalogue.ts"),
    `${lines.map(({ line }) => line).join("\n")}\nexport const catalogue = [${all}];\n`,
  );
}

async function candidatesOf(name: string): Promise<Candidate[]> {
  const folder = join("rules", name);
  const inside = await readdir(join(root, "policies", folder)).catch(() => []);
  const files = [
    `${folder}.ts`,
    ...inside.filter((file) => /^[^.]+\.ts$/.test(file)).map((file) => join(folder, file)),
  ];
  const candidates = files.map(async (file) => {
    const text = await readFile(join(root, "policies", file), "utf8");
    return mutantsOf(text).map((mutant) => ({ ...mutant, file }));
  });
  return (await Promise.all(candidates)).flat();
}

/** Some of the mutants, the same ones for the same seed; all of them when the size is 0. */
function sampled(candidates: readonly Candidate[], size: number, name: string): Candidate[] {
  if (size === 0 || candidates.length <= size) return [...candidates];
  let state = [...`${values.seed} ${name}`].reduce((hash, letter) => (hash * 31 + letter.charCodeAt(0)) >>> 0, 7);
  const ranked = candidates.map((candidate, index) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return { candidate, index, rank: state };
  });
  const taken = ranked.sort((a, b) => a.rank - b.rank).slice(0, size);
  return taken.sort((a, b) => a.index - b.index).map(({ candidate }) => candidate);
}

/** Whether the policy's tests pass as the copy stands. */
async function passes(name: string): Promise<boolean> {
  const mocha = join(checkout, "node_modules", "mocha", "bin", "mocha.js");
  const files = [join("policies", "rules", `${name}.test.ts`), join("policies", "examples.test.ts")];
  const child = spawn(process.execPath, [mocha, "--no-config", "--bail", "--timeout", "30000", ...files], {
    cwd: root,
    stdio: "ignore",
    detached: true,
    env: { ...process.env, NODE_COMPILE_CACHE: join(root, "compiled") },
  });
  const { pid } = child;
  const timer = setTimeout(() => pid !== undefined && process.kill(-pid, "SIGKILL"), LIMIT_MS);
  const [code] = (await once(child, "exit")) as [number | null];
  clearTimeout(timer);
  return code === 0;
}

function oneLine(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length > 80 ? `${line.slice(0, 79)}…` : line;
}
