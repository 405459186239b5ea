import { appendFileSync } from "node:fs";
import { relative } from "node:path";

import Mocha from "mocha";

import type { Recorded } from "./results.ts";

/** The environment variable that names the file for the record. */
export const recordVariable = "TEST_RECORD";

/** Shows one line for each outermost group of tests and writes each test's result to the record as it happens. */
export default class Reporter {
  constructor(runner: Mocha.Runner) {
    const { EVENT_TEST_PASS, EVENT_TEST_FAIL, EVENT_TEST_PENDING, EVENT_SUITE_END, EVENT_RUN_END } =
      Mocha.Runner.constants;
    let files = new Map<string, { passed: number; failed: number; skipped: number; milliseconds: number }>();
    const count = (test: Mocha.Runnable) => {
      const file = test.file ?? test.parent?.file ?? "";
      const counts = files.get(file) ?? { passed: 0, failed: 0, skipped: 0, milliseconds: 0 };
      files.set(file, counts);
      counts.milliseconds += test.duration ?? 0;
      return counts;
    };

    runner.on(EVENT_TEST_PASS, (test) => {
      count(test).passed++;
      record({ type: "passed" });
    });
    runner.on(EVENT_TEST_PENDING, (test) => {
      count(test).skipped++;
      record({ type: "skipped" });
      console.log(`  --  skipped: ${test.fullTitle()}`);
    });
    runner.on(EVENT_TEST_FAIL, (test, error: unknown) => {
      count(test).failed++;
      record({ type: "failed", title: test.fullTitle(), detail: describe(error) });
      console.log(`  ERR ${test.fullTitle()}`);
    });
    runner.on(EVENT_SUITE_END, (suite) => {
      if (suite.parent?.root !== true && !suite.root) return;
      for (const [file, { passed, failed, skipped, milliseconds }] of files) {
        const counts = [`${passed} passed`, failed && `${failed} failed`, skipped && `${skipped} skipped`].filter(
          Boolean,
        );
        const seconds = (milliseconds / 1000).toFixed(1);
        console.log(`  ${failed > 0 ? "ERR" : "ok "} ${relative("", file)}: ${counts.join(", ")} (${seconds} s)`);
      }
      files = new Map();
    });
    runner.once(EVENT_RUN_END, () => {
      record({ type: "end" });
      process.send?.("end");
    });
  }
}

function record(line: Recorded): void {
  const file = process.env[recordVariable];
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(line)}\n`);
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const frames = (error.stack ?? error.message).split("\n").filter((line) => !/node_modules|node:internal/.test(line));
  const cause = error.cause === undefined ? "" : `\ncaused by ${describe(error.cause)}`;
  return frames.join("\n") + cause;
}
