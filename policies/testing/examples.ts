import type { TestResource } from "./analyzer.ts";

/** Resources that show what a policy is about. */
export interface Example {
  title: string;
  resources: TestResource[];
}

/** Examples of a policy: what it accepts, and what it rejects with the path that the finding names. */
export interface Examples {
  good: readonly Example[];
  bad: readonly (Example & { property: string })[];
}
