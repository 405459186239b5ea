import { ApiError } from "./client.ts";
import { describe } from "./object.ts";
import type { ObjectReference } from "./object.ts";

/** A refusal of the API server as one sentence about the object, with what to do where that is known. */
export function explain(error: unknown, reference: ObjectReference, redact: (text: string) => string): Error {
  if (!(error instanceof ApiError)) return error instanceof Error ? error : new Error(String(error));
  const told = new Error(redact(`${describe(reference)} ${sentence(error)}`));
  told.name = "RefusedError";
  return told;
}

function sentence(error: ApiError): string {
  const causes = error.causes.map(({ field, message }) => (field ? `${field}: ${message}` : message)).join("; ");
  if (isConflict(error)) {
    const fields = error.causes
      .map(({ field, message }) => `${field.replace(/^\./, "")} (${managerIn(message)})`)
      .join(", ");
    return (
      `was changed by others since this stack last saw it: ${fields}. Run a refresh to see the changes and undo them with ` +
      `the next up, or set the annotation pulumi.com/patchForce: "true" to overwrite them.`
    );
  }
  if (isImmutableChange(error)) {
    const field = error.causes[0]?.field;
    return (
      `cannot be changed this way in place: ${causes || error.message}. Replace the object: add ` +
      `\`replaceOnChanges: ["${field || "spec"}"]\` to its options.`
    );
  }
  if (/strict decoding error|failed to create typed patch object|json: cannot unmarshal/.test(error.message)) {
    const detail = error.message.replace(/^.*?(strict decoding error: |typed patch object \([^)]*\): )/s, "");
    return `is not valid: ${detail}; correct the field names and types.`;
  }
  if (error.reason === "Invalid") return `is not valid: ${causes || error.message}.`;
  if (error.status === 403) return `is refused: ${error.message}.`;
  return `was refused by the API server (${error.status} ${error.reason}): ${error.message}.`;
}

/** Whether somebody else manages a field that was to be applied. */
export function isConflict(error: unknown): boolean {
  return error instanceof ApiError && error.causes.some(({ reason }) => reason === "FieldManagerConflict");
}

/** Whether the API server refuses to change a field of an existing object. */
export function isImmutableChange(error: unknown): boolean {
  const words = /immutable|may not be (changed|updated)|cannot be changed|updates to .* are forbidden|cannot change/i;
  return (
    error instanceof ApiError &&
    error.reason === "Invalid" &&
    (words.test(error.message) || error.causes.some(({ message }) => words.test(message)))
  );
}

function managerIn(message: string): string {
  return /conflict with "([^"]*)"/.exec(message)?.[1] ?? message;
}
