import { readFileSync } from "node:fs";
import { join } from "node:path";

import type { ProbeSpecification } from "./specification.ts";

/** What the container was given. */
export interface Surroundings {
  environment: NodeJS.ProcessEnv;
  /** The texts of the secrets that were found. */
  secrets: ReadonlyMap<string, string>;
  /** What is missing or in the wrong place, one sentence each. */
  problems: readonly string[];
}

/** Looks for every declared variable in the environment and for every declared secret in its file. */
export function inspectVariables(
  { variables, secrets }: Pick<ProbeSpecification, "variables" | "secrets">,
  environment: NodeJS.ProcessEnv,
): Surroundings {
  const found = new Map<string, string>();
  const problems: string[] = [];
  for (const name of variables) {
    if (!environment[name]) problems.push(`The variable ${name} is missing or empty in the environment.`);
  }
  const directory = environment["SECRETS_DIR"];
  if (secrets.length > 0 && !directory) {
    problems.push("SECRETS_DIR is missing in the environment; it names the folder with one file for each secret.");
  }
  for (const name of secrets) {
    if (environment[name] !== undefined) {
      problems.push(`The secret ${name} is in the environment; it must be a file in SECRETS_DIR alone.`);
    }
    if (!directory) continue;
    const file = join(directory, name);
    try {
      const text = readFileSync(file, "utf8").trim();
      if (text === "") problems.push(`The secret ${name} is empty in ${file}.`);
      else found.set(name, text);
    } catch (error) {
      problems.push(`The secret ${name} cannot be read from ${file} (${(error as NodeJS.ErrnoException).code}).`);
    }
  }
  return { environment, secrets: found, problems };
}

/** The text of a variable or secret. */
export function valueOf({ environment, secrets }: Surroundings, name: string): string | undefined {
  return secrets.get(name) ?? environment[name];
}
