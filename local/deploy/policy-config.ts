import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import type { PackConfigFile, PresetName } from "../../policies/frame/configuration.ts";
import { SETTINGS } from "../../policies/frame/enforcement.ts";
import { profileIn, root } from "./stack-file.ts";

/**
 * What the policy pack's configuration in `policies.<stack>.json` comes to, policy by policy. Without one, and where it
 * names no stage, resources serve the stage of the stack's profile.
 *
 * @param profile "dev", "staging" or "production"
 * @param folder where the file is looked for
 * @throws UserError with everything that is wrong in it
 */
export async function stackPolicies(stack: string, profile: string, folder = root): Promise<PackConfigFile> {
  const name = `policies.${stack}.json`;
  const file = join(folder, name);
  if (!/^[\w.-]+$/.test(stack) || !existsSync(file)) return { [SETTINGS]: { environment: profile } };
  const { catalogue, packConfigFile, readConfiguration } = await pack();
  const read = readConfiguration(parse(await readFile(file, "utf8"), name), catalogue, () => new Date());
  if ("problems" in read) throw new UserError(read.problems.map((message) => ({ where: name, message })));
  const { preset, environment } = read.configuration;
  const stage = environment === undefined && preset === undefined ? { environment: profile } : {};
  return packConfigFile({ ...read.configuration, ...stage }, catalogue);
}

/**
 * The arguments with which the CLI asks the policies about a stack.
 *
 * @param config the file of the stack's settings; the pack's configuration is written beside it
 * @throws UserError with everything that is wrong in the stack's configuration of the pack
 */
export async function policyArguments(stack: string, config: string, folder = root): Promise<string[]> {
  const file = `${config}.policies.json`;
  const policies = await stackPolicies(stack, await profileIn(config), folder);
  await writeFile(file, `${JSON.stringify(policies, undefined, 2)}\n`);
  return ["--policy-pack", "policies", "--policy-pack-config", file];
}

/** What a preset comes to, policy by policy. */
export async function presetPolicies(preset: PresetName): Promise<PackConfigFile> {
  const { catalogue, packConfigFile } = await pack();
  return packConfigFile({ preset }, catalogue);
}

/** The JSON schema of `policies.<stack>.json`. */
export async function policiesSchema(): Promise<object> {
  const { catalogue, configurationSchema } = await pack();
  return configurationSchema(catalogue);
}

/** Loaded only when it is needed: a start without a configuration of the pack does not read all policies. */
async function pack() {
  const [catalogue, configuration] = await Promise.all([
    import("../../policies/catalogue.ts"),
    import("../../policies/frame/configuration.ts"),
  ]);
  return { ...catalogue, ...configuration };
}

function parse(text: string, where: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError({ where, message: `it is no JSON: ${(error as Error).message}.` });
  }
}
