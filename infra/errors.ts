/** One mistake, told to the person who can mend it. */
export interface Problem {
  /** Where: a configuration key, a specification path or a resource name. */
  where: string;
  /** What is wrong, what is allowed and what to do, as one sentence. */
  message: string;
}

/**
 * A mistake of the person who runs the program: shown as sentences, never with a stack trace.
 *
 * All problems found are reported at once.
 */
export class UserError extends Error {
  readonly problems: readonly Problem[];

  /** The Pulumi runtime hides the stack trace of errors that carry this mark. */
  readonly __pulumiRunError = true;

  constructor(problems: Problem | readonly Problem[], options?: ErrorOptions) {
    const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(all.map(({ where, message }) => `${where}: ${message}`).join("\n"), options);
    this.name = "UserError";
    this.problems = all;
  }
}
