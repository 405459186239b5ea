import type { RequirementId } from "./system.ts";
import type { Duration } from "./units.ts";

/** What a value must look like. */
export interface SecretFormat {
  /** @default none */
  prefix?: string;
  /** Random bytes in a generated value; a minimum for a given one. */
  bytes: number;
  encoding: "hex" | "base64url";
}

/**
 * A value that must never be seen.
 *
 * "external": issued elsewhere, a required setting of the stack, never made by the program.
 * "generated": made once by the program and kept; replacing it loses what it protects.
 */
export interface Secret {
  origin: "external" | "generated";
  requirement: RequirementId;
  format: SecretFormat;
  /** How often it should be exchanged. @default never automatically */
  rotation?: Duration;
}
