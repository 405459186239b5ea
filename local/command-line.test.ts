import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

import { UserError } from "../infra/errors.ts";
import { readOptions } from "./command-line.ts";

const options = {
  stack: { type: "string", default: "dev", value: "NAME" },
  target: { type: "string", choices: ["kubernetes", "ecs"] },
  json: { type: "boolean", default: false },
} as const;

describe("The options of a command", () => {
  it("have their values and defaults", () => {
    assert.deepEqual(
      { ...readOptions(["--target", "ecs", "--json"], options) },
      { stack: "dev", target: "ecs", json: true },
    );
    assert.deepEqual({ ...readOptions(["--stack=prod"], options) }, { stack: "prod", json: false });
  });

  const known = "the options are --stack NAME, --target kubernetes|ecs, --json.";
  for (const [args, sentence] of [
    [["--fast"], `--fast: unknown option '--fast'; ${known}`],
    [["--stack"], `--stack: option '--stack <value>' argument missing; ${known}`],
    [["extra"], `extra: unexpected argument 'extra'; ${known}`],
    [["--json=yes"], `--json: option '--json' does not take an argument; ${known}`],
    [["--target", "moon"], `--target: "moon" is not allowed; allowed are kubernetes, ecs.`],
  ] as const) {
    it(`are refused with a sentence: ${args.join(" ")}`, () => {
      assert.throws(
        () => readOptions([...args], options),
        (error) => error instanceof UserError && error.message === sentence,
      );
    });
  }
});

describe("A command", () => {
  const run = (body: string) => {
    const module = JSON.stringify(join(import.meta.dirname, "command-line.ts"));
    const errors = JSON.stringify(join(import.meta.dirname, "..", "infra", "errors.ts"));
    const source = `import { runCommand } from ${module}; import { UserError } from ${errors}; await runCommand(async () => { ${body} });`;
    const { status, stderr } = spawnSync(process.execPath, ["--input-type=module", "-e", source], { encoding: "utf8" });
    return { status, stderr };
  };

  it("ends with the exit code of its work", () => {
    assert.deepEqual(run("return 3;"), { status: 3, stderr: "" });
    assert.deepEqual(run(""), { status: 0, stderr: "" });
  });

  it("shows a mistake of the user as a sentence, without a stack trace", () => {
    const { status, stderr } = run(`throw new UserError({ where: "here", message: "this is wrong." });`);
    assert.equal(status, 1);
    assert.equal(stderr, "here: this is wrong.\n");
  });
});
