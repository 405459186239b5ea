import assert from "node:assert/strict";

import { catalogue, imageNames } from "./catalogue.ts";
import { dockerfile } from "./context.ts";

/** The instructions of a Dockerfile, with continued lines joined. */
function instructions(text: string): [keyword: string, rest: string][] {
  const lines = text.replaceAll(/\\\n/g, " ").split("\n");
  return lines.flatMap((line): [string, string][] => {
    const [, keyword, rest] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    return keyword === undefined || rest === undefined ? [] : [[keyword, rest]];
  });
}

describe("the Dockerfiles of the images", () => {
  for (const name of imageNames) {
    it(`start ${name} as a numeric user, with a stop signal, from a base that can be replaced`, async () => {
      const found = instructions(await dockerfile(name));
      const last = (keyword: string) => found.findLast(([known]) => known === keyword)?.[1];
      assert.deepEqual(
        found.slice(0, 2).map(([keyword]) => keyword),
        ["ARG", "FROM"],
      );
      assert.match(last("ARG") ?? "", /^BASE=[a-z]+:[a-z0-9-]+$/, "the default base names no registry");
      assert.equal(last("FROM"), "${BASE}");
      assert.equal(last("USER"), "10001:10001");
      assert.match(last("STOPSIGNAL") ?? "", /^SIG(TERM|INT)$/);
      const entrypoint = JSON.parse(last("ENTRYPOINT") ?? "null") as unknown;
      assert.ok(Array.isArray(entrypoint), "the entry point needs no shell");
      assert.match(last("LABEL") ?? "", new RegExp(`org\\.opencontainers\\.image\\.title="${name}"`));
    });
  }

  it("copy the bundle of a program under the name that its image starts", async () => {
    for (const name of imageNames) {
      const { program } = catalogue[name];
      if (program === undefined) continue;
      const found = instructions(await dockerfile(name));
      assert.ok(
        found.some(([keyword, rest]) => keyword === "COPY" && rest.split(" ").includes(program.file)),
        name,
      );
      assert.ok(
        found.some(([keyword, rest]) => keyword === "ENTRYPOINT" && rest.includes(`/app/${program.file}`)),
        name,
      );
    }
  });
});
