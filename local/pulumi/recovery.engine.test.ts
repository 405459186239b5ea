import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile, readdir, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { prepareStack } from "./recovery.ts";
import { testStack, type TestStack } from "./testing/workspace.ts";

const up = ["up", "--yes", "--skip-preview"];

describe("a stack whose update was cut off by kill -9", () => {
  let stack: TestStack;
  before(async () => (stack = await testStack("slow")));
  after(() => stack.remove());

  it("leaves no process behind, and the next update finishes the work", async () => {
    await stack.configure({ seconds: 60 });
    const cli = await startUp(stack);
    await untilState(stack, /::second"/);
    cli.kill("SIGKILL");
    await once(cli, "exit");
    assert.deepEqual(await processesOf(stack, 5000), []);

    await stack.configure({ seconds: 0 });
    const said: string[] = [];
    await prepareStack(stack.engine, stack, { say: (line) => said.push(line) });
    assert.match(said.join("\n"), new RegExp(`removed the lock of process ${cli.pid}, which ended`));
    assert.match(said.join("\n"), /cut off while creating second/);
    const { stdout, stderr } = await stack.run(up);
    assert.match(stdout, /\+ 2 created/);
    assert.doesNotMatch(stdout + stderr, /pending operations/);
    const { stdout: preview } = await stack.run(["preview", "--expect-no-changes"]);
    assert.match(preview, /unchanged/);
  });
});

describe("a stack whose command was killed, but not the CLI it had started", () => {
  let stack: TestStack;
  before(async () => (stack = await testStack("slow")));
  after(() => stack.remove());

  it("does not go on changing behind the user's back", async function () {
    if (process.platform !== "linux") this.skip();
    await stack.configure({ seconds: 60 });
    const { cwd, args, engine } = stack;
    await prepareStack(engine, stack);
    const script = `
      import { ensureEngine } from ${JSON.stringify(join(import.meta.dirname, "index.ts"))};
      const engine = await ensureEngine();
      await engine.run(${JSON.stringify([...up, ...args])}, { cwd: ${JSON.stringify(cwd)} });`;
    const env = { ...stack.env, PULUMI_BACKEND_URL: engine.env["PULUMI_BACKEND_URL"] };
    const command = spawn(process.execPath, ["--input-type=module", "-e", script], { env, stdio: "ignore" });
    await untilState(stack, /"type":"creating"/);
    assert.ok((await processesOf(stack, 0)).length >= 3, "the CLI, its language host and its plugin work on the stack");
    command.kill("SIGKILL");
    assert.deepEqual(await processesOf(stack, 10_000), []);
  });
});

describe("a stack that two want to change at once", () => {
  let stack: TestStack;
  before(async () => (stack = await testStack("slow")));
  after(() => stack.remove());

  it("tells the second one who the first one is", async () => {
    await stack.configure({ seconds: 60 });
    const cli = await startUp(stack);
    await untilState(stack, /"type":"creating"/);
    await assert.rejects(stack.run(up), (error: Error) => {
      assert.equal(error.name, "UserError");
      assert.match(
        error.message,
        new RegExp(`^slow-test/test: is being changed by process ${cli.pid} of \\S+ on \\S+ since`),
      );
      assert.match(error.message, /pulumi up --yes/);
      return true;
    });
    cli.kill("SIGKILL");
    await once(cli, "exit");
    assert.deepEqual(await processesOf(stack, 5000), []);
  });
});

describe("a stack with secrets", () => {
  let stack: TestStack;
  before(async () => {
    stack = await testStack("random");
    await stack.run(up);
  });
  after(() => stack.remove());

  it("says in a sentence that the passphrase is wrong", async () => {
    const env = { ...stack.env, PULUMI_CONFIG_PASSPHRASE: "not the one" };
    await assert.rejects(stack.run(up, { env }), (error: Error) => {
      assert.equal(error.name, "UserError");
      assert.match(error.message, /the passphrase is not the one this stack's secrets were encrypted with/);
      assert.equal(error.message.split("\n").length, 1);
      return true;
    });
  });

  for (const [how, damage] of Object.entries({
    "cut off in the middle": (file: string) => truncate(file, 700),
    empty: (file: string) => truncate(file, 0),
  })) {
    it(`restores a state file that is ${how} and keeps the damaged one`, async () => {
      const file = stateFile(stack);
      const password = await stack.run(["stack", "output", "--json", "--show-secrets"]);
      await damage(file);
      const said: string[] = [];
      await prepareStack(stack.engine, stack, { say: (line) => said.push(line) });
      assert.match(said.join("\n"), /^random-test\/test: the state was damaged and is now the copy of \d{4}-/);
      assert.ok((await readdir(join(file, ".."))).some((name) => name.startsWith("test.json.damaged-")));
      const { stdout } = await stack.run(["preview", "--expect-no-changes"]);
      assert.match(stdout, /6 unchanged/);
      assert.equal((await stack.run(["stack", "output", "--json", "--show-secrets"])).stdout, password.stdout);
    });
  }

  it("does without the attributes of a state file when they are cut off", async () => {
    await truncate(`${stateFile(stack)}.attrs`, 0);
    await prepareStack(stack.engine, stack);
    const { stdout } = await stack.run(["preview", "--expect-no-changes"]);
    assert.match(stdout, /6 unchanged/);
  });

  it("leaves a damaged state alone when no copy is sound", async () => {
    const state = join(stack.directory, ".pulumi");
    for (const name of await readdir(state, { recursive: true })) {
      if (/\.json(\.bak)?$/.test(name)) await writeFile(join(state, name), "{");
    }
    await assert.rejects(
      prepareStack(stack.engine, stack),
      /test\.json: the state of random-test\/test is damaged and no earlier copy/,
    );
    assert.equal(await readFile(stateFile(stack), "utf8"), "{");
  });
});

function stateFile({ cwd, directory }: TestStack): string {
  const project = cwd.endsWith("slow") ? "slow-test" : "random-test";
  return join(directory, ".pulumi", "stacks", project, "test.json");
}

/** Starts an update of which the test can kill the CLI itself. */
async function startUp(stack: TestStack): Promise<ChildProcess> {
  await prepareStack(stack.engine, stack);
  const env = { ...stack.env, ...stack.engine.env };
  return spawn(stack.engine.command, [...up, ...stack.args], { cwd: stack.cwd, env, stdio: "ignore" });
}

async function untilState(stack: TestStack, pattern: RegExp): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (pattern.test(await readFile(stateFile(stack), "utf8").catch(() => ""))) return;
    await sleep(100);
  }
  assert.fail(`the state never came to hold ${pattern}`);
}

/** The commands of the processes that still work for the stack after that many milliseconds. */
async function processesOf({ directory }: TestStack, patience: number): Promise<string[]> {
  const deadline = Date.now() + patience;
  for (;;) {
    const left: string[] = [];
    for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
      const environment = await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "");
      if (environment.includes(directory)) left.push(await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => ""));
    }
    if (left.length === 0 || Date.now() > deadline) return left;
    await sleep(200);
  }
}
