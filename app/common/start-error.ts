import { ConfigurationError } from "./configuration.ts";
import type { Logger } from "./logger.ts";

/** A reason not to start that the operator can mend: one sentence, shown without a stack. */
export class StartError extends Error {}

/** Logs why a process ends: what the operator can mend as sentences, everything else with its stack. */
export function reportFailure(logger: Logger, error: unknown): void {
  if (error instanceof ConfigurationError) {
    logger.error({ problems: error.problems }, "Not started: the configuration cannot be used.");
  } else if (error instanceof StartError) {
    logger.error(`Not started: ${error.message}`);
  } else {
    logger.error({ error }, "Ended by an error that nothing handled.");
  }
}
