import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { readArchive, scratchImage } from "./oci.ts";

describe("an image of one static program", () => {
  const earlier = process.env["AGENT_COMMERCE_CACHE"];
  let folder: string;
  let program: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "oci-"));
    process.env["AGENT_COMMERCE_CACHE"] = folder;
    program = join(folder, "program");
    await writeFile(program, "#!/bin/true\n");
  });

  after(async () => {
    if (earlier === undefined) delete process.env["AGENT_COMMERCE_CACHE"];
    else process.env["AGENT_COMMERCE_CACHE"] = earlier;
    await rm(folder, { recursive: true });
  });

  const build = (user?: number) =>
    scratchImage({
      name: "tool",
      programs: { "/tool": program },
      entrypoint: ["/tool"],
      ...(user === undefined ? {} : { user }),
    });

  it("is an archive that names its own reference and digest", async () => {
    const { reference, archive } = await build();
    assert.match(reference, /^images\.local\/tool:[0-9a-f]{12}$/);
    const read = await readArchive(archive);
    assert.equal(read.reference, reference);
    assert.match(read.digest, /^sha256:[0-9a-f]{64}$/);
  });

  it("keeps its reference while nothing changes, and gets another when something does", async () => {
    assert.equal((await build()).reference, (await build()).reference);
    assert.notEqual((await build()).reference, (await build(0)).reference);
  });

  it("is refused when the archive is none", async () => {
    await assert.rejects(readArchive(program));
  });
});
