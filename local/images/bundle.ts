import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import type { BuildOptions } from "esbuild";

import { UserError } from "../../infra/errors.ts";
import { cachePath, contentKey } from "../cache.ts";
import type { Program } from "./catalogue.ts";

const repository = join(import.meta.dirname, "..", "..");

// CommonJS dependencies inside a module still ask for require, __dirname and __filename.
const banner = [
  'import { createRequire as bundleCreateRequire } from "node:module";',
  "const require = bundleCreateRequire(import.meta.url);",
  "const __filename = import.meta.filename;",
  "const __dirname = import.meta.dirname;",
].join("\n");

const options = {
  bundle: true,
  platform: "node" as const,
  target: "node24",
  format: "esm" as const,
  banner: { js: banner },
  // An optional accelerator of pg that is asked for only on demand.
  external: ["pg-native"],
  sourcemap: false,
  legalComments: "none",
  logLevel: "silent" as const,
  metafile: true as const,
  write: false as const,
} satisfies BuildOptions;

/** What decides how every program is bundled, beside its own sources: the dependencies and the compiler's settings. */
const sharedInputs = ["package-lock.json", "tsconfig.json"];

/** A bundle as it is kept in the cache. */
interface KeptBundle {
  /** The files of the repository that went into it. */
  inputs: string[];
  /** The key of their content. */
  key: string;
  text: string;
}

/**
 * Bundles a program with all its dependencies into one ECMAScript module for the Node of the image. A bundle whose
 * sources, dependencies and options did not change is taken from the cache.
 *
 * @throws UserError when the program does not compile
 */
export async function bundleProgram({ entry }: Program): Promise<string> {
  const file = cachePath("images", "bundles", `${contentKey(repository, entry, JSON.stringify(options))}.json`);
  const kept = await readKept(file);
  if (kept !== undefined && (await inputsKey(kept.inputs)) === kept.key) return kept.text;
  const { inputs, text } = await bundle(entry);
  const key = await inputsKey(inputs);
  if (key !== undefined) await keep(file, { inputs, key, text });
  return text;
}

async function bundle(entry: string): Promise<{ inputs: string[]; text: string }> {
  // Loaded only here: most runs find every bundle in the cache.
  const { build } = await import("esbuild");
  const { metafile, outputFiles } = await build({ ...options, absWorkingDir: repository, entryPoints: [entry] }).catch(
    (error: Error) => {
      throw new UserError({ where: entry, message: `cannot be bundled: ${error.message}` });
    },
  );
  const sources = Object.keys(metafile.inputs).filter((path) => !path.split("/").includes("node_modules"));
  return { inputs: [...sharedInputs, ...sources.sort()], text: outputFiles[0]?.text ?? "" };
}

async function readKept(file: string): Promise<KeptBundle | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as KeptBundle);
}

async function inputsKey(inputs: readonly string[]): Promise<string | undefined> {
  const texts = await Promise.all(
    inputs.map((path) => readFile(join(repository, path), "utf8").catch(() => undefined)),
  );
  return texts.includes(undefined) ? undefined : contentKey(...inputs, ...(texts as string[]));
}

async function keep(file: string, kept: KeptBundle): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, JSON.stringify(kept));
  await rename(temporary, file);
}
