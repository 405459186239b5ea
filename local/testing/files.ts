import { readdirSync } from "node:fs";
import { join } from "node:path";

const folders = ["app", "bench", "infra", "local", "policies", "stacks"];

/** The project's own files with one of these endings, as sorted paths relative to the checkout. */
export function sourceFiles(root: string, ...endings: string[]): string[] {
  return folders.flatMap((folder) => below(root, folder, endings)).sort();
}

function below(root: string, folder: string, endings: string[]): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return /^node_modules$|^\./.test(entry.name) ? [] : below(root, path, endings);
    return endings.some((ending) => entry.name.endsWith(ending)) ? [path] : [];
  });
}
