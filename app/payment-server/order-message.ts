import { z } from "zod";

import { isCorrelationId } from "../common/correlation.ts";

/** An order as the agent puts it into the queue. What the payload must hold is decided where orders are placed. */
export interface OrderMessage {
  /** Chosen by the sender: the same order sent twice is stored once. */
  id: string;
  correlationId: string;
  payload: Record<string, unknown>;
}

const message = z.object({
  id: z
    .string("id must be present")
    .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{2,99}$/, "id must be 3 to 100 letters, digits, _ and -"),
  correlationId: z
    .string("correlationId must be present")
    .refine(isCorrelationId, "correlationId must be 6 to 64 letters, digits, _, . and -"),
  payload: z
    .string("payload must be present")
    .max(65_536, "payload must be at most 65536 characters")
    .transform((text, context) => {
      const value = parseObject(text);
      if (value === undefined) context.addIssue({ code: "custom", message: "payload must be a JSON object" });
      return value ?? {};
    }),
});

/** Reads the fields of a stream entry. @returns the order, or the reason why it is none, without quoting it */
export function readOrderMessage(fields: Record<string, string>): OrderMessage | { reason: string } {
  const result = message.safeParse(fields);
  if (result.success) return result.data;
  return { reason: result.error.issues.map(({ message: text }) => text).join("; ") };
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
