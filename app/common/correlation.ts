import { AsyncLocalStorage } from "node:async_hooks";
import { randomBytes } from "node:crypto";

const storage = new AsyncLocalStorage<string>();
const wellFormed = /^[A-Za-z0-9][A-Za-z0-9_.-]{5,63}$/;

/** A new correlation id such as `req_9f3a61c07d5be284` (WS-LOG-02). */
export function newCorrelationId(): string {
  return `req_${randomBytes(8).toString("hex")}`;
}

/** Whether a text from outside may serve as a correlation id: 6 to 64 letters, digits, `_`, `.` and `-`. */
export function isCorrelationId(value: unknown): value is string {
  return typeof value === "string" && wellFormed.test(value);
}

/** Runs the work so that everything it logs, also later and asynchronously, carries the correlation id (WS-LOG-01). */
export function withCorrelationId<T>(id: string, work: () => T): T {
  return storage.run(id, work);
}

/** The correlation id of the work that is going on, if there is one. */
export function currentCorrelationId(): string | undefined {
  return storage.getStore();
}
