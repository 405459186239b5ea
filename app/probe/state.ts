import type { Check } from "./checks.ts";

/** What is wrong with a check, or null. */
export type Results = ReadonlyMap<string, string | null>;

/** Runs all checks side by side. @param hide takes secrets out of what libraries say */
export async function runChecks(checks: readonly Check[], hide: (text: string) => string): Promise<Results> {
  const entries = checks.map(async ({ name, run }) => {
    try {
      await run();
      return [name, null] as const;
    } catch (error) {
      return [name, hide((error as Error).message)] as const;
    }
  });
  return new Map(await Promise.all(entries));
}

/** The sentences of all checks that failed. */
export function problemsOf(results: Results): string[] {
  return [...results.values()].filter((problem) => problem !== null);
}
