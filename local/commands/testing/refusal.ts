import assert from "node:assert/strict";

import type { RunResult } from "../../run.ts";
import type { Checkout, Invocation } from "./checkout.ts";

/** A command with something wrong, and all that it must say about it. */
export interface Refusal extends Invocation {
  /** What is wrong, completing "refuses ...". */
  what: string;
  /** One expression for each line, in any order: each mistake is one sentence with its place and its remedy. */
  says: readonly RegExp[];
}

const atOnce = 2;
const progress = /^ {2}(ok |ERR|\.\.\.) /;
const trace = /^\s+at .*\(?.*:\d+:\d+\)?$/m;
const classes = /\b\w*(UserError|TypeError|ReferenceError|SyntaxError)\b|node:internal/;

/**
 * Adds a test for each refusal: the command ends with a failure, says exactly the expected sentences and shows no stack
 * trace; and one that all of them together changed nothing. The commands run before the tests, two at a time.
 */
export function itRefuses(checkout: () => Checkout, refusals: readonly Refusal[]): void {
  const results = new Map<Refusal, RunResult>();
  let untouched = "";

  before(async () => {
    untouched = await checkout().fingerprint();
    const waiting = [...refusals];
    const work = async () => {
      for (let next = waiting.shift(); next; next = waiting.shift()) results.set(next, await checkout().invoke(next));
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  });

  for (const refusal of refusals) {
    it(`refuses ${refusal.what}`, () => {
      const result = results.get(refusal);
      assert(result);
      assertRefused(result, refusal.says);
    });
  }

  it("changes no file of the checkout and no stack", async () => {
    assert.equal(await checkout().fingerprint(), untouched);
  });
}

/** Asserts that a command failed, with exactly these sentences. */
export function assertRefused({ code, stdout, stderr }: RunResult, says: readonly RegExp[]): void {
  assert.notEqual(code, 0, `it ended well:\n${stdout}`);
  assert.doesNotMatch(stdout + stderr, trace);
  assert.doesNotMatch(stdout + stderr, classes);
  const lines = `${stdout}\n${stderr}`.split("\n").filter((line) => line.trim() !== "" && !progress.test(line));
  const missing = says.filter((pattern) => !lines.some((line) => pattern.test(line)));
  const unexpected = lines.filter((line) => !says.some((pattern) => pattern.test(line)));
  assert.deepEqual({ missing, unexpected }, { missing: [], unexpected: [] });
}
