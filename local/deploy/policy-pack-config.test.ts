import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { z } from "zod";

import { catalogue } from "../../policies/catalogue.ts";
import { readPolicyConfig } from "./policy-pack-config.ts";

describe("A file as for --policy-pack-config", () => {
  let directory: string;
  before(async () => (directory = await mkdtemp(join(tmpdir(), "policy-config-"))));
  after(() => rm(directory, { recursive: true, force: true }));

  const read = async (content: unknown) => {
    const file = join(directory, "policies.json");
    await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
    return readPolicyConfig(file);
  };

  it("holds levels and parameters by policy", async () => {
    const config = { "img-pinned": { enforcementLevel: "advisory", bannedTags: ["edge"] }, probes: "disabled" };
    assert.deepEqual(await read(config), config);
  });

  it("gives every policy the level of `all`, but those with one of their own", async () => {
    const config = await read({ all: "advisory", probes: "disabled" });
    assert.equal(config["img-pinned"], "advisory");
    assert.equal(config["probes"], "disabled");
    assert.equal(Object.keys(config).length, catalogue.length);
  });

  it("is refused when a parameter has another type, with all that is wrong", async () => {
    await assert.rejects(
      read({ "img-pinned": { bannedTags: "edge", requireDigest: 1 } }),
      /img-pinned\.bannedTags: .*expected array.*\n.*img-pinned\.requireDigest: .*expected boolean/,
    );
  });

  it("is refused when a level is unknown or it is no JSON object", async () => {
    await assert.rejects(
      read({ probes: "loud" }),
      /probes must be a level \(advisory, mandatory, remediate, disabled\)/,
    );
    for (const content of ["", "[]", "no"]) {
      await assert.rejects(read(content), /policies\.json: it cannot be read as a JSON object; for each policy/);
    }
    await assert.rejects(readPolicyConfig(join(directory, "absent.json")), /absent\.json: it cannot be read/);
  });

  it("can check the parameters of every policy, and their defaults pass", () => {
    for (const { id, parameters } of catalogue) {
      for (const [name, { default: value, ...schema }] of Object.entries(parameters)) {
        const { success } = z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0]).safeParse(value);
        assert.ok(success, `${id} ${name}`);
      }
    }
  });
});
