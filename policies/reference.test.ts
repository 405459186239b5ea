import assert from "node:assert/strict";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { catalogue } from "./catalogue.ts";
import { coveragePage, policyItems, uncoveredItems } from "./coverage-page.ts";
import { items } from "./coverage-items.ts";
import { indexPage, referencePage } from "./testing/reference.ts";

const FOLDER = join(import.meta.dirname, "..", "docs", "policies");
const update = process.env["UPDATE_GOLDEN"] === "1";

/** The pages as they should be, by file. */
async function pages(): Promise<Map<string, string>> {
  const written = new Map([
    ["README.md", indexPage()],
    ["coverage.md", coveragePage()],
  ]);
  for (const policy of catalogue) written.set(`${policy.name}.md`, await referencePage(policy));
  const options = await resolveConfig(join(FOLDER, "README.md"));
  for (const [file, text] of written) written.set(file, await format(text, { ...options, parser: "markdown" }));
  return written;
}

describe("the pages of the policies", function () {
  this.timeout(60_000);

  it("are what the code says; UPDATE_GOLDEN=1 writes them", async () => {
    const expected = await pages();
    if (update) {
      await rm(FOLDER, { recursive: true, force: true });
      await mkdir(FOLDER, { recursive: true });
      for (const [file, text] of expected) await writeFile(join(FOLDER, file), text);
    }
    assert.deepEqual((await readdir(FOLDER)).sort(), [...expected.keys()].sort());
    for (const [file, text] of expected) assert.equal(await readFile(join(FOLDER, file), "utf8"), text, file);
  });
});

describe("the security items", () => {
  it("that a policy has to enforce are 182, and each is enforced by one", () => {
    assert.equal(Object.keys(items).length, 224);
    assert.equal(policyItems().length, 182);
    assert.deepEqual(uncoveredItems(), []);
  });

  it("are the only ones of their kind that policies name", () => {
    const named = catalogue.flatMap(({ requirements }) => requirements);
    assert.deepEqual(
      named.filter((item) => !/^(?:WS|EB|AR|CC|RB)-[A-Z]{3}-\d{2}$/.test(item)),
      [],
    );
    assert.deepEqual(
      named.filter((item) => item.includes("-SEC-") && items[item] === undefined),
      [],
    );
  });
});
