import assert from "node:assert/strict";
import { cp } from "node:fs/promises";
import { join } from "node:path";

import { testStack, type TestStack } from "../testing/workspace.ts";

const pack = join(import.meta.dirname, "..", "testing", "programs", "pack");

describe("the Node language host", () => {
  let stack: TestStack;
  before(async () => (stack = await testStack("random")));
  after(() => stack.remove());

  it("passes on what the program prints", async () => {
    const { stdout } = await stack.run(["preview"]);
    assert.match(stdout, /said by the program/);
  });

  it("passes configuration on, with its secrets marked", async () => {
    const { engine, cwd, args, env } = stack;
    await engine.run(["config", "set", "--secret", "token", "moonlight", ...args], { cwd, env });
    const { stdout } = await stack.run(["preview", "--diff"]);
    assert.match(stdout, /fromConfig: \[secret\]/);
    assert.doesNotMatch(stdout, /moonlight/);
    await stack.configure({});
  });

  it("shows the error of a program that fails, once, and fails the command", async () => {
    await stack.configure({ fail: true });
    const { code, stdout, stderr } = await stack.run(["preview", "--suppress-progress"], { mayFail: true });
    await stack.configure({});
    assert.notEqual(code, 0);
    const diagnostics = stdout.slice(stdout.indexOf("Diagnostics:")) + stderr;
    assert.equal(diagnostics.match(/Error: the program fails on purpose/g)?.length, 1, diagnostics);
    assert.doesNotMatch(diagnostics, /non-zero exit code/);
  });

  it("tells how a program ended that said nothing", async () => {
    await stack.configure({ exit: 7 });
    const { stdout } = await stack.run(["preview"], { mayFail: true });
    await stack.configure({});
    assert.match(stdout, /Program exited with non-zero exit code: 7/);
  });

  it("says that it installs nothing", async () => {
    const { engine, cwd, env } = stack;
    const { code, stderr } = await engine.run(["install"], { cwd, env, mayFail: true, timeout: 30_000 });
    assert.notEqual(code, 0);
    assert.match(stderr, /installs nothing: run `npm ci` in the program's folder/);
  });

  it("tells about itself", async () => {
    const { stdout } = await stack.engine.run(["about", "--json"], { cwd: stack.cwd, env: stack.env });
    const about = JSON.parse(stdout) as { runtime: { executable: string }; plugins: { name: string }[] };
    assert.equal(about.runtime.executable, process.execPath);
    assert.deepEqual(about.plugins.map(({ name }) => name).sort(), ["aws", "kubernetes", "nodejs", "random"]);
  });

  it("runs a policy pack that accepts the stack", async () => {
    const { stdout } = await stack.run(["preview", "--policy-pack", pack]);
    assert.match(stdout, /test-pack/);
    assert.match(stdout, /6 to create/);
  });

  it("says what to do when a policy pack's packages are not installed", async () => {
    const bare = join(stack.directory, "pack");
    await cp(pack, bare, { recursive: true });
    const { code, stderr } = await stack.run(["preview", "--policy-pack", bare], { mayFail: true });
    assert.notEqual(code, 0);
    assert.match(stderr, /@pulumi\/pulumi is not installed for \S+\/pack: run `npm ci` there/);
  });

  it("stops an update that a mandatory policy forbids before anything is created", async () => {
    await stack.configure({ length: 12 });
    const { code, stdout } = await stack.run(["up", "--yes", "--skip-preview", "--policy-pack", pack], {
      mayFail: true,
    });
    await stack.configure({});
    assert.notEqual(code, 0);
    assert.match(stdout, /a password of 12 characters is too short/);
    const exported = await stack.run(["stack", "export"]);
    assert.doesNotMatch(exported.stdout, /RandomPassword::password/);
  });
});
