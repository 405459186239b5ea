import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { z } from "zod";

/** What a process expects of one variable. */
export interface Setting<T> {
  /** Turns the text into the value. Its own messages are never shown, since they may quote a secret. */
  schema: z.ZodType<T>;
  /** Completes the sentence "allowed is ...". */
  allowed: string;
  /** A secret's value never appears in a message. */
  secret: boolean;
  /** Used when the variable is missing or empty. @default the variable is required */
  fallback?: { value: T };
}

export type Settings = Record<string, Setting<unknown>>;

/** The values of all settings, by the names of their variables. */
export type Configuration<S extends Settings> = {
  readonly [Name in keyof S]: S[Name] extends Setting<infer T> ? T : never;
};

/** A rule over several settings: a sentence when it is broken. Settings that are wrong by themselves are undefined. */
export type Rule<S extends Settings> = (values: Partial<Configuration<S>>) => string | undefined;

/** Everything that is wrong with the configuration, each problem one sentence without any secret's value. */
export class ConfigurationError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(`The configuration cannot be used:\n${problems.join("\n")}`);
    this.name = "ConfigurationError";
    this.problems = problems;
  }
}

/**
 * Reads every setting from the file `$SECRETS_DIR/<NAME>` when there is one, else from the environment.
 *
 * @returns the values, and the texts of all secrets so that the log can hide them
 * @throws ConfigurationError with all problems at once
 */
export function readConfiguration<S extends Settings>(
  settings: S,
  rules: readonly Rule<S>[] = [],
  environment: NodeJS.ProcessEnv = process.env,
): { configuration: Configuration<S>; secrets: string[] } {
  const problems: string[] = [];
  const secrets: string[] = [];
  const values: Record<string, unknown> = {};
  for (const [name, setting] of Object.entries(settings)) {
    const text = readText(name, environment, problems);
    if (text === undefined) continue;
    if (text === "") {
      if (setting.fallback) values[name] = setting.fallback.value;
      else problems.push(`${name} is missing; allowed is ${setting.allowed}; set it ${places(name, environment)}.`);
      continue;
    }
    if (setting.secret) secrets.push(text);
    const parsed = setting.schema.safeParse(text);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(notAllowed(name, text, setting, environment));
  }
  for (const rule of rules) {
    const problem = rule(values as Partial<Configuration<S>>);
    if (problem !== undefined) problems.push(problem);
  }
  if (problems.length > 0) throw new ConfigurationError(problems);
  return { configuration: values as Configuration<S>, secrets };
}

/** The text of a variable, empty when it is nowhere, undefined when its file exists but cannot be read. */
function readText(name: string, environment: NodeJS.ProcessEnv, problems: string[]): string | undefined {
  const directory = environment["SECRETS_DIR"];
  if (directory) {
    const file = join(directory, name);
    try {
      return readFileSync(file, "utf8").trim();
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "unknown error";
      if (code !== "ENOENT") {
        problems.push(`${name} cannot be read from ${file} (${code}); give this process's user the right to read it.`);
        return undefined;
      }
    }
  }
  return (environment[name] ?? "").trim();
}

function notAllowed(name: string, text: string, setting: Setting<unknown>, environment: NodeJS.ProcessEnv): string {
  const what = setting.secret ? "has a value of the wrong form" : `is ${JSON.stringify(text.slice(0, 80))}`;
  return `${name} ${what}; allowed is ${setting.allowed}; set it ${places(name, environment)}.`;
}

function places(name: string, environment: NodeJS.ProcessEnv): string {
  const directory = environment["SECRETS_DIR"];
  const variable = `in the environment variable ${name}`;
  return directory ? `in the file ${join(directory, name)} or ${variable}` : variable;
}
