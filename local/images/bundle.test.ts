import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { run } from "../run.ts";
import { bundleProgram } from "./bundle.ts";

describe("the bundle of a program", () => {
  let directory: string;
  let cache: string | undefined;
  before(async () => {
    directory = await mkdtemp(join(import.meta.dirname, "bundle-"));
    cache = process.env["AGENT_COMMERCE_CACHE"];
    process.env["AGENT_COMMERCE_CACHE"] = join(directory, "cache");
    await writeFile(join(directory, "part.ts"), 'export const word: string = "first";\n');
    await writeFile(
      join(directory, "main.ts"),
      'import pg from "pg";\nimport { word } from "./part.ts";\nconsole.log(word, typeof pg.Client, await Promise.resolve(1));\n',
    );
  });
  after(async () => {
    if (cache === undefined) delete process.env["AGENT_COMMERCE_CACHE"];
    else process.env["AGENT_COMMERCE_CACHE"] = cache;
    await rm(directory, { recursive: true });
  });

  const bundle = (file = "main.ts") =>
    bundleProgram({ entry: relative(join(import.meta.dirname, "..", ".."), join(directory, file)), file: "main.js" });
  const start = async (text: string) => {
    const file = join(directory, "cache", "main.mjs");
    await writeFile(file, text);
    return (await run(process.execPath, [file])).stdout;
  };

  it("runs alone, with CommonJS dependencies inside", async () => {
    assert.equal(await start(await bundle()), "first function 1\n");
  });

  it("is the same as long as its sources are, and new when one of them changes", async () => {
    const before = await bundle();
    assert.equal(await bundle(), before);
    await writeFile(join(directory, "part.ts"), 'export const word: string = "second";\n');
    assert.equal(await start(await bundle()), "second function 1\n");
  });

  it("is refused in one sentence with the place when the program does not compile", async () => {
    await writeFile(join(directory, "wrong.ts"), 'import { absent } from "./absent.ts";\nabsent();\n');
    await assert.rejects(bundle("wrong.ts"), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(error.message, /wrong\.ts: cannot be bundled: .*wrong\.ts:1:23: .*absent\.ts/s);
      return true;
    });
  });
});
