import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import { dump, load, YAMLException } from "js-yaml";

import { UserError } from "../../infra/errors.ts";
import { project } from "../../stacks/config.ts";
import { cachePath } from "../cache.ts";

/** The checkout. */
export const root = join(import.meta.dirname, "..", "..");

/** The content of a Pulumi.<stack>.yaml. */
export interface StackFile {
  /** Settings by full key, such as "agent-commerce:system". */
  config: Record<string, unknown>;
  encryptionsalt?: string;
  secretsprovider?: string;
  encryptedkey?: string;
}

/** What a run adds to a stack's committed settings, by name without the project. */
export type Settings = Record<string, unknown>;

const stackName = /^[A-Za-z0-9_.-]{1,100}$/;

/**
 * Reads the committed settings of a stack.
 *
 * @throws UserError when there are none, with the stacks that there are
 */
export async function readStackFile(stack: string): Promise<StackFile> {
  const file = join(root, `Pulumi.${stack}.yaml`);
  if (!stackName.test(stack) || !existsSync(file)) {
    throw new UserError({
      where: `--stack ${stack}`,
      message: `there is no Pulumi.${stack}.yaml; the stacks are ${(await stackNames()).join(", ")}. Write that file to add one.`,
    });
  }
  return parse(await readFile(file, "utf8"), file);
}

/** The stacks that have committed settings, sorted. */
export async function stackNames(): Promise<string[]> {
  return (await readdir(root)).flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []).sort();
}

/** The settings of this machine's last start of a stack; none before the first. */
async function readMachineFile(stack: string): Promise<StackFile> {
  const file = machineFile(stack);
  return existsSync(file) ? parse(await readFile(file, "utf8"), file) : { config: {} };
}

/** A setting of this machine's last start of a stack; undefined before the first. */
export async function lastSetting(stack: string, name: string): Promise<unknown> {
  return setting(await readMachineFile(stack), name);
}

/**
 * The settings with which a stack that exists was last started: the committed ones as they are now, and what the start
 * found on this machine.
 *
 * @param salt that of the stack's state
 * @throws UserError when the stack has no committed settings
 */
export async function readStartedFile(stack: string, salt: Pick<StackFile, "encryptionsalt"> = {}): Promise<StackFile> {
  const committed = await readStackFile(stack);
  const machine = await readMachineFile(stack);
  const { config: _, ...keys } = machine;
  const found = ["images", "sealingCertificate", "kubeconfig", "context"].flatMap((name) => {
    const value = setting(machine, name);
    return value === undefined ? [] : [[name, value]];
  });
  return withDefaults({ ...keys, ...salt, ...committed }, Object.fromEntries(found) as Settings);
}

/** A setting of a stack by its name without the project. */
export function setting(file: StackFile, name: string): unknown {
  return file.config[`${project}:${name}`];
}

/** The profile in a file of settings; that of production when it names none. */
export async function profileIn(path: string): Promise<string> {
  const profile = setting(parse(await readFile(path, "utf8"), path), "profile");
  return typeof profile === "string" ? profile : "production";
}

/** What a sealed value reads as where nobody opens it. */
export const sealed = "sealed";

/** The settings as a program gets them: texts, the structured ones as JSON. A sealed value reads as `sealed`. */
export function settingTexts({ config }: StackFile): Record<string, string> {
  const texts = Object.entries(config).map(([key, value]) => {
    const open: unknown = JSON.parse(JSON.stringify(value), (_, part: unknown) =>
      isRecord(part) && typeof part["secure"] === "string" ? sealed : part,
    );
    return [key, typeof open === "string" ? open : JSON.stringify(open)];
  });
  return Object.fromEntries(texts) as Record<string, string>;
}

/** A stack's settings with others filled in where it says nothing; of `images`, each by itself. */
export function withDefaults(file: StackFile, defaults: Settings): StackFile {
  const filled = Object.entries(defaults).map(([name, value]) => {
    const own = setting(file, name);
    return [`${project}:${name}`, isRecord(value) && isRecord(own) ? { ...value, ...own } : (own ?? value)];
  });
  return { ...file, config: { ...file.config, ...(Object.fromEntries(filled) as StackFile["config"]) } };
}

/** A stack's settings with others in their place. */
export function withOverrides(file: StackFile, overrides: Settings): StackFile {
  const config = Object.entries(overrides).map(([name, value]) => [`${project}:${name}`, value]);
  return { ...file, config: { ...file.config, ...(Object.fromEntries(config) as StackFile["config"]) } };
}

/**
 * Writes what a run on this machine uses, beside the checkout, so that no committed file changes. The salt that the
 * engine added to it at an earlier run is kept.
 *
 * @param salt that of the stack's state
 * @returns the path for `--config-file`
 */
export async function writeMachineFile(
  stack: string,
  file: StackFile,
  salt: Pick<StackFile, "encryptionsalt"> = {},
): Promise<string> {
  const { config, ...keys } = await readMachineFile(stack);
  const path = machineFile(stack);
  await writeStackFile(path, { ...keys, ...salt, ...file });
  return path;
}

/** Writes a file of settings in one piece. */
export async function writeStackFile(path: string, file: StackFile): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.${process.pid}`, dump(file, { lineWidth: -1 }), { mode: 0o600 });
  await rename(`${path}.${process.pid}`, path);
}

const machineFile = (stack: string) => cachePath("stacks", `${stack}.yaml`);

function parse(text: string, where: string): StackFile {
  try {
    const parsed = load(text) as Partial<StackFile> | undefined;
    const { config = {}, ...keys } = parsed ?? {};
    if ((parsed === undefined || isRecord(parsed)) && isRecord(config)) return { ...keys, config };
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    throw new UserError({
      where,
      message: `it is not YAML: ${error.reason}; correct line ${(error.mark?.line ?? 0) + 1}.`,
    });
  }
  throw new UserError({
    where,
    message: "it must be a mapping whose key `config` is a mapping of settings; write it like Pulumi.dev.yaml.",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
