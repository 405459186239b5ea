import { existsSync } from "node:fs";
import { join } from "node:path";
import type { TestResource } from "./analyzer.ts";

/** Resources that show what a policy is about. */
export interface Example {
  title: string;
  resources: TestResource[];
}

/** Examples of a policy: what it accepts, and what it rejects. */
export interface Examples {
  good: readonly Example[];
  bad: readonly BadExample[];
}

export interface BadExample extends Example {
  /** The path that the finding names. */
  property: string;
  /** The finding is about what else there is or is not, so it stands whatever the property's value. @default false */
  anyValue?: true;
}

/** The examples of a policy, which stand beside it. */
export async function examplesOf(name: string): Promise<Examples | undefined> {
  const file = join(import.meta.dirname, "..", "rules", `${name}.examples.ts`);
  if (!existsSync(file)) return undefined;
  return ((await import(file)) as { examples: Examples }).examples;
}
