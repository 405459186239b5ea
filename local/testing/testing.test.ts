import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { findTests, groupOf } from "./groups.ts";
import { readRecord, sum, summary } from "./results.ts";

const root = join(import.meta.dirname, "..", "..");

describe("The record of a run", () => {
  const line = (record: object) => `${JSON.stringify(record)}\n`;
  const end = line({ type: "end" });
  const passed = line({ type: "passed" });

  it("sums up what passed, failed and was skipped", () => {
    const failed = line({ type: "failed", title: "a sum", detail: "1 is not 2" });
    const results = readRecord("unit", passed + passed + failed + line({ type: "skipped" }) + end, "exit code 1");
    assert.equal(summary(results), "2 passed, 1 failed, 1 skipped");
    assert.deepEqual(results.failures, [{ title: "a sum", detail: "1 is not 2" }]);
    assert.equal(summary(sum([results, results])), "4 passed, 2 failed, 2 skipped");
    assert.equal(summary(readRecord("unit", passed + end, undefined)), "1 passed, 0 failed");
  });

  for (const [what, text, ending, detail] of [
    ["broke off", passed, "signal SIGKILL", /broke off with signal SIGKILL/],
    ["broke off in the middle of a line", `${passed}{"type":"pas`, "exit code 7", /broke off with exit code 7/],
    ["never began", "", "exit code 1", /broke off/],
    ["found no test", end, undefined, /No test was found/],
    ["ended badly after its last test", passed + end, "something left open", /something left open/],
  ] as const) {
    it(`counts a run that ${what} as a failure`, () => {
      const { failures } = readRecord("tests of group unit", text, ending);
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.detail ?? "", detail);
    });
  }
});

describe("The groups of tests", () => {
  it("are told apart by the names of files", () => {
    assert.equal(groupOf("infra/spec/units.test.ts")?.name, "unit");
    assert.equal(groupOf("app/queue.stores.test.ts")?.name, "stores");
    assert.equal(groupOf("local/pulumi/up.engine.test.ts")?.name, "engine");
    assert.equal(groupOf("local/cluster/dns.cluster.test.ts")?.name, "cluster");
    assert.equal(groupOf("infra/spec/units.slow.test.ts"), undefined);
    assert.equal(groupOf("infra/spec/units.ts"), undefined);
  });

  it("hold every test file of the checkout once, this one among them", () => {
    const all = [...findTests(root).values()].flat();
    assert.equal(new Set(all).size, all.length);
    assert.ok(all.includes("local/testing/testing.test.ts"));
  });
});

describe("npm test", function () {
  this.timeout(60_000);
  let checkout: string;

  beforeEach(async () => {
    checkout = await mkdtemp(join(tmpdir(), "npm-test-"));
    for (const folder of ["app", "bench", "infra", "local", "policies", "stacks"]) await mkdir(join(checkout, folder));
    await symlink(join(root, "node_modules"), join(checkout, "node_modules"));
  });
  afterEach(() => rm(checkout, { recursive: true, force: true }));

  /** Runs test files in a checkout of their own, as `npm test -- unit` does. */
  async function runTests(files: Record<string, string>): Promise<{ output: string; last: string; code: number }> {
    for (const [name, body] of Object.entries(files)) {
      const file = join(checkout, name);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, `import assert from "node:assert/strict";\n${body}\n`);
    }
    const module = join(import.meta.dirname, "run-tests.ts");
    const source = `import { runTests } from ${JSON.stringify(module)};
      process.exitCode = (await runTests(process.argv[1], ["unit"])) ? 0 : 1;`;
    const child = spawn(process.execPath, ["--input-type=module", "-e", source, checkout]);
    let output = "";
    child.stdout.on("data", (chunk) => (output += String(chunk)));
    child.stderr.on("data", (chunk) => (output += String(chunk)));
    const code = await new Promise<number>((resolve) => child.once("close", (exit) => resolve(exit ?? -1)));
    return { output, last: output.trimEnd().split("\n").at(-1) ?? "", code };
  }

  it("closes with the counts and exit code 0 when all pass", async () => {
    const { last, code, output } = await runTests({
      "app/one.test.ts": `it("adds", () => assert.equal(1 + 1, 2));`,
      "infra/two.test.ts": `describe("sums", () => { it("add", () => {}); it("wait", function () { this.skip(); }); });`,
    });
    assert.equal(last, "2 passed, 0 failed, 1 skipped", output);
    assert.equal(code, 0);
  });

  it("shows failures whole at the end and ends with exit code 1", async () => {
    const { last, code, output } = await runTests({
      "app/one.test.ts": `it("adds wrongly", () => assert.equal(1 + 1, 3)); it("adds", () => {});`,
    });
    assert.equal(last, "1 passed, 1 failed");
    assert.equal(code, 1);
    assert.match(output.slice(output.indexOf("1) adds wrongly")), /2 !== 3[\s\S]*app\/one\.test\.ts:2/);
  });

  it("counts a process that ends in the middle as a failure", async () => {
    const { last, code, output } = await runTests({
      "app/one.test.ts": `it("adds", () => {}); it("ends", () => process.exit(0)); it("comes too late", () => {});`,
    });
    assert.equal(last, "1 passed, 1 failed", output);
    assert.equal(code, 1);
  });

  it("counts a file that cannot be loaded as a failure", async () => {
    const { last, code } = await runTests({ "app/one.test.ts": `import "./missing.ts";` });
    assert.equal(last, "0 passed, 1 failed");
    assert.equal(code, 1);
  });

  it("counts something left running as a failure", async () => {
    const { last, code, output } = await runTests({
      "app/one.test.ts": `it("adds", () => void setInterval(() => {}, 1000));`,
    });
    assert.equal(last, "1 passed, 1 failed");
    assert.equal(code, 1);
    assert.match(output, /left open/);
  });
});
