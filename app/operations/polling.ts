import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds that a function keeps for its answer before Lambda ends it. */
const reserve = 10_000;

export interface PollOptions {
  /** Seconds that the event allows. */
  timeoutSeconds: number;
  /** When Lambda ends the function, in milliseconds since 1970. */
  deadline: number;
  /** Milliseconds between two questions. @default 3000 */
  interval?: number;
}

/** Asks until there is an answer. @returns undefined when the time is over, shortly before Lambda's deadline at the latest */
export async function poll<T>(
  ask: () => Promise<T | undefined>,
  { timeoutSeconds, deadline, interval = 3_000 }: PollOptions,
): Promise<T | undefined> {
  const end = Math.min(Date.now() + timeoutSeconds * 1_000, deadline - reserve);
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || Date.now() + interval > end) return answer;
    await sleep(interval);
  }
}
