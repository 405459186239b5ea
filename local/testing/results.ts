/** A test that failed, with all there is to say about it. */
export interface FailedTest {
  title: string;
  /** Message and the frames of our own files. */
  detail: string;
}

/** What a group of tests came to. */
export interface Results {
  passed: number;
  skipped: number;
  failures: FailedTest[];
}

/** One line of the record that the reporter writes while tests run. */
export type Recorded = { type: "passed" } | { type: "skipped" } | ({ type: "failed" } & FailedTest) | { type: "end" };

/** The sum of all results. */
export function sum(all: readonly Results[]): Results {
  return {
    passed: all.reduce((total, { passed }) => total + passed, 0),
    skipped: all.reduce((total, { skipped }) => total + skipped, 0),
    failures: all.flatMap(({ failures }) => failures),
  };
}

/** The closing line: "N passed, N failed[, N skipped]". */
export function summary({ passed, failures, skipped }: Results): string {
  return `${passed} passed, ${failures.length} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`;
}

/**
 * Reads a record. A run that broke off before its end, or ended with an exit code of its own, counts as a failure
 * beside what it recorded.
 *
 * @param title what ran, for the failure
 * @param ending how the process ended, such as "exit code 1"; undefined when it ended well
 */
export function readRecord(title: string, text: string, ending: string | undefined): Results {
  const records = text
    .split("\n")
    .filter((line) => line.startsWith("{") && line.endsWith("}"))
    .map((line) => JSON.parse(line) as Recorded);
  const results: Results = {
    passed: records.filter(({ type }) => type === "passed").length,
    skipped: records.filter(({ type }) => type === "skipped").length,
    failures: records.filter((record) => record.type === "failed").map(({ title, detail }) => ({ title, detail })),
  };
  const fail = (detail: string) => results.failures.push({ title, detail });
  if (!records.some(({ type }) => type === "end"))
    fail(`The run broke off with ${ending ?? "no word"}; see its output above.`);
  else if (records.length === 1) fail("No test was found in these files.");
  else if (ending !== undefined && results.failures.length === 0)
    fail(`All tests ended, and then the run ended with ${ending}.`);
  return results;
}
