import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";

import { bundleProgram } from "./bundle.ts";
import { catalogue, type BaseName, type ImageName, type Program } from "./catalogue.ts";

const repository = join(import.meta.dirname, "..", "..");

/** A file that a Dockerfile copies. */
export interface ContextFile {
  path: string;
  mode: number;
  content: string;
}

/** The text of an image's Dockerfile. */
export async function dockerfile(name: ImageName | BaseName): Promise<string> {
  return await readFile(join(repository, catalogue[name].dockerfile), "utf8");
}

/** The files of an image's build context, in a fixed order. */
export async function contextFiles(name: ImageName | BaseName): Promise<ContextFile[]> {
  const { context, program } = catalogue[name];
  return [
    ...(context === undefined ? [] : await folderFiles(join(repository, context))),
    ...(program === undefined ? [] : await programFiles(program)),
  ];
}

async function programFiles(program: Program): Promise<ContextFile[]> {
  return [
    { path: program.file, mode: 0o644, content: await bundleProgram(program) },
    { path: "package.json", mode: 0o644, content: '{ "type": "module" }\n' },
  ];
}

async function folderFiles(directory: string): Promise<ContextFile[]> {
  const paths = (await readdir(directory)).filter((path) => path !== "Dockerfile").sort();
  return await Promise.all(
    paths.map(async (path) => {
      const { mode } = await stat(join(directory, path));
      // What git keeps of a mode: whether the file can be executed.
      return { path, mode: mode & 0o100 ? 0o755 : 0o644, content: await readFile(join(directory, path), "utf8") };
    }),
  );
}
