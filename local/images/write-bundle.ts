import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { contextFiles } from "./context.ts";
import { imageNames } from "./catalogue.ts";

// Writes the build context of a service's image, for `docker build -f app/NAME/Dockerfile DIRECTORY`.
const { positionals } = parseArgs({ allowPositionals: true });
const [name, directory] = positionals;
const image = imageNames.find((known) => known === name);
if (image === undefined || directory === undefined) {
  console.error(`usage: node local/images/write-bundle.ts NAME DIRECTORY, NAME being one of ${imageNames.join(", ")}`);
  process.exit(2);
}
await mkdir(directory, { recursive: true });
for (const { path, mode, content } of await contextFiles(image)) {
  await writeFile(join(directory, path), content, { mode });
}
