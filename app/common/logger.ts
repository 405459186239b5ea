import { pino, type Logger as PinoLogger } from "pino";

import { currentCorrelationId } from "./correlation.ts";
import { createRedaction } from "./redaction.ts";

/** The levels of the log, each with a retention of its own (WS-LOG-03). Nothing is written at any other level. */
export const logLevels = ["error", "warn", "info", "debug"] as const;

/** A log without pino's further levels, which no retention is stated for. */
export type Logger = Omit<PinoLogger, "fatal" | "trace">;

export interface LoggerOptions {
  /** Written into every line. */
  service: string;
  /** The least important level that is written (WS-LOG-03). */
  level: string;
  /** Values that must never appear in a line. */
  secrets: readonly string[];
  /** Takes the finished lines. @default standard output */
  write?: (line: string) => void;
}

/**
 * A log of JSON lines: `timestamp` in ISO form, `level` as a word, `service`, `message`, and the `correlationId` of the
 * work that is going on (WS-LOG-01). Secrets are hidden in the finished line, whatever field they are in.
 */
export function createLogger({ service, level, secrets, write = toStandardOutput }: LoggerOptions): Logger {
  const redact = createRedaction(secrets);
  return pino(
    {
      level,
      base: { service },
      messageKey: "message",
      errorKey: "error",
      timestamp: () => `,"timestamp":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      mixin() {
        const correlationId = currentCorrelationId();
        return correlationId === undefined ? {} : { correlationId };
      },
    },
    { write: (line: string) => write(redact(line)) },
  );
}

function toStandardOutput(line: string): void {
  process.stdout.write(line);
}
