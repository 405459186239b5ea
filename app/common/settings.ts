import { z } from "zod";

import type { Setting } from "./configuration.ts";
import { sqsRegion } from "./queue/sqs-url.ts";

function optionalFallback<T>(value: T | undefined): { fallback?: { value: T } } {
  return value === undefined ? {} : { fallback: { value } };
}

/** Any text. */
export function text(allowed: string, fallback?: string): Setting<string> {
  return { schema: z.string(), allowed, secret: false, ...optionalFallback(fallback) };
}

/** One of a few words. */
export function oneOf<const T extends string>(words: readonly T[], fallback?: T): Setting<T> {
  const allowed = `one of ${words.join(", ")}`;
  return { schema: z.enum(words), allowed, secret: false, ...optionalFallback(fallback) };
}

/** A whole number within limits, both included. */
export function integer(minimum: number, maximum: number, fallback?: number): Setting<number> {
  return {
    schema: z.string().regex(/^\d+$/).transform(Number).pipe(z.number().min(minimum).max(maximum)),
    allowed: `a whole number from ${minimum} to ${maximum}`,
    secret: false,
    ...optionalFallback(fallback),
  };
}

/** A decimal number within limits, both included. */
export function decimal(minimum: number, maximum: number, fallback?: number): Setting<number> {
  return {
    schema: z
      .string()
      .regex(/^\d+(\.\d+)?$/)
      .transform(Number)
      .pipe(z.number().min(minimum).max(maximum)),
    allowed: `a number from ${minimum} to ${maximum}`,
    secret: false,
    ...optionalFallback(fallback),
  };
}

/** The address of another service. */
export function serviceUrl(): Setting<string> {
  const schema = z.string().refine((value) => ["http:", "https:"].includes(parseUrl(value)?.protocol ?? ""));
  return { schema, allowed: "an address such as http://name:3000", secret: false };
}

/** A secret that matches a pattern. */
export function secret(pattern: RegExp, allowed: string): Setting<string> {
  return { schema: z.string().regex(pattern), allowed, secret: true };
}

/** A setting that may be missing. */
export function optional<T>(setting: Setting<T>): Setting<T | undefined> {
  return { ...setting, fallback: { value: undefined } };
}

/** The address of a PostgreSQL database, encrypted and with the server's certificate checked (WS-CFG-10). */
export function postgresUrl(): Setting<string> {
  const schema = z.string().refine((value) => {
    const url = parseUrl(value);
    if (url === undefined || !["postgres:", "postgresql:"].includes(url.protocol)) return false;
    return hasCredentials(url) && url.pathname.length > 1 && url.searchParams.get("sslmode") === "verify-full";
  });
  return { schema, allowed: "postgres://<user>:<password>@<host>:5432/<database>?sslmode=verify-full", secret: true };
}

/** The address of a Redis, encrypted and with user and password (WS-CFG-07). */
export function redisUrl(): Setting<string> {
  return { schema: z.string().refine(isRedisUrl), allowed: redisForm, secret: true };
}

/** The address of a queue: a Redis as above, or a queue in SQS, which is entered with the role of the task. */
export function queueUrl(): Setting<string> {
  const schema = z.string().refine((value) => isRedisUrl(value) || sqsRegion(value) !== undefined);
  return { schema, allowed: `${redisForm} or https://sqs.<region>.amazonaws.com/<account>/<name>`, secret: true };
}

const redisForm = "rediss://<user>:<password>@<host>:6380";

function isRedisUrl(value: string): boolean {
  const url = parseUrl(value);
  return url?.protocol === "rediss:" && hasCredentials(url);
}

function parseUrl(value: string): URL | undefined {
  return URL.canParse(value) ? new URL(value) : undefined;
}

function hasCredentials(url: URL): boolean {
  return url.hostname !== "" && url.username !== "" && url.password !== "";
}
