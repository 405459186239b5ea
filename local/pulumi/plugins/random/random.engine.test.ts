import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { testStack, type TestStack } from "../../testing/workspace.ts";

interface Outputs {
  plain: { id: string; string: string; uuid: string };
  secret: { password: string; hash: string; bytes: string; hex: string };
}

describe("a stack of random resources", () => {
  let stack: TestStack;
  const outputs = async () => {
    const { stdout } = await stack.run(["stack", "output", "--json", "--show-secrets"]);
    return JSON.parse(stdout) as Outputs;
  };
  const state = () => readFile(join(stack.directory, ".pulumi", "stacks", "random-test", "test.json"), "utf8");

  before(async () => (stack = await testStack("random")));
  after(() => stack.remove());

  it("is previewed with what chance decides left open", async () => {
    const { stdout } = await stack.run(["preview"]);
    assert.match(stdout, /\+ 6 to create/);
    assert.match(stdout, /string: \[unknown\]|string: output<string>/);
  });

  it("is created", async () => {
    const { stdout } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.match(stdout, /\+ 6 created/);
    const { plain, secret } = await outputs();
    assert.match(plain.id, /^x-[0-9a-f]{8}$/);
    assert.match(plain.string, /^[A-Za-z0-9]{8}$/);
    assert.match(plain.uuid, /^[0-9a-f-]{36}$/);
    assert.equal(secret.password.length, 24);
    assert.equal(Buffer.from(secret.bytes, "base64").toString("hex"), secret.hex);
  });

  it("keeps its secrets out of the state and of what is printed", async () => {
    const { secret } = await outputs();
    const written = await state();
    const { stdout } = await stack.run(["stack", "output", "--json"]);
    for (const value of Object.values(secret)) {
      assert.ok(!written.includes(JSON.stringify(value).slice(1, -1)), "a secret is in the state in clear text");
      assert.ok(!stdout.includes(value), "a secret is printed");
    }
    assert.match(written, /ciphertext/);
  });

  it("stays the same when nothing has changed", async () => {
    const before = await outputs();
    const { stdout } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.match(stdout, /6 unchanged/);
    await stack.run(["refresh", "--yes", "--skip-preview"]);
    const { stdout: preview } = await stack.run(["preview", "--expect-no-changes"]);
    assert.match(preview, /6 unchanged/);
    assert.deepEqual(await outputs(), before);
  });

  it("replaces exactly the resource whose keepers change", async () => {
    const before = await outputs();
    await stack.configure({ round: "2" });
    const { stdout } = await stack.run(["up", "--yes", "--skip-preview"]);
    assert.match(stdout, /\+-1 replaced/);
    assert.match(stdout, /5 unchanged/);
    const now = await outputs();
    assert.notEqual(now.secret.password, before.secret.password);
    assert.equal(now.secret.bytes, before.secret.bytes);
    assert.deepEqual(now.plain, before.plain);
  });

  it("refuses inputs that make no sense before anything is created", async () => {
    await stack.configure({ length: 0 });
    await assert.rejects(stack.run(["preview"]), /length must be a whole number of at least 1|length.*at least 1/s);
    await stack.configure({});
  });

  it("is destroyed", async () => {
    const { stdout } = await stack.run(["destroy", "--yes", "--skip-preview"]);
    assert.match(stdout, /- 6 deleted/);
  });
});
