import assert from "node:assert/strict";

import { testStack, type TestStack } from "../../testing/workspace.ts";

describe("a stack of AWS resources without AWS", () => {
  let stack: TestStack;
  before(async () => (stack = await testStack("aws")));
  after(() => stack.remove());

  it("is previewed with the inputs as they are and the rest unknown", async () => {
    const { stdout } = await stack.run(["preview", "--diff"]);
    assert.match(stdout, /\+ aws:s3\/bucket:Bucket: \(create\)/);
    assert.match(stdout, /forceDestroy: true/);
    assert.match(stdout, /name *: "log-level"/);
    assert.match(stdout, /arn +: \[unknown\]/);
    assert.match(stdout, /\+ 3 to create/);
  });

  it("is not created: the error says what is needed", async () => {
    const { code, stdout } = await stack.run(["up", "--yes", "--skip-preview"], { mayFail: true });
    assert.notEqual(code, 0);
    assert.match(
      stdout,
      /this is the plan-only local plugin; creating aws:s3\/bucket:Bucket needs the official plugin/,
    );
  });

  it("invents no answers of AWS", async () => {
    await stack.configure({ ask: true });
    const { code, stdout } = await stack.run(["preview"], { mayFail: true });
    await stack.configure({});
    assert.notEqual(code, 0);
    assert.match(stdout, /asking AWS for aws:index\/getCallerIdentity:getCallerIdentity needs the official plugin/);
  });
});
