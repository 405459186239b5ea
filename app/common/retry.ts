import { setTimeout as sleep } from "node:timers/promises";

/** Milliseconds to wait after the given number of failures in a row: 250, 500, 1000, ... up to 10 seconds. */
export function backoff(failures: number): number {
  return Math.min(250 * 2 ** (failures - 1), 10_000);
}

/**
 * Repeats the work until it succeeds or the signal aborts.
 *
 * @returns what the work returned; undefined after an abort
 */
export async function untilDone<T>(
  work: () => Promise<T>,
  signal: AbortSignal,
  onFailure: (error: unknown, failures: number) => void,
): Promise<T | undefined> {
  for (let failures = 1; !signal.aborted; failures += 1) {
    try {
      return await work();
    } catch (error) {
      onFailure(error, failures);
      await pause(backoff(failures), signal);
    }
  }
  return undefined;
}

/** Waits; an abort ends the wait early and is no error. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
