import type { z } from "zod";

import type { Logger } from "../common/logger.ts";
import { OperationError } from "./operation-error.ts";
import type { SecretTexts } from "./secret-texts.ts";

/** What a function knows of the call that it answers. */
export interface Invocation {
  /** The same one when Lambda calls again after a failure: tasks and backups are started once for it. */
  requestId: string;
  /** When Lambda ends the function, in milliseconds since 1970. */
  deadline: number;
  logger: Logger;
  secretTexts: SecretTexts;
}

/** Answers calls of one function. The answer becomes JSON. */
export type Handler = (event: unknown, invocation: Invocation) => Promise<unknown>;

/** A handler that does its work only for events of the right shape. */
export function handler<Event>(
  schema: z.ZodType<Event>,
  work: (event: Event, invocation: Invocation) => Promise<unknown>,
): Handler {
  return async (event, invocation) => {
    const parsed = schema.safeParse(event);
    if (parsed.success) return await work(parsed.data, invocation);
    const problems = parsed.error.issues.map(({ path, message }) => `${path.join(".") || "the event"}: ${message}`);
    throw new OperationError(`The event cannot be used: ${problems.join("; ")}.`);
  };
}
