import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { policyArguments, stackPolicies } from "./policy-config.ts";

describe("The policy pack's configuration of a stack", () => {
  let folder: string;
  beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), "policies-"))));
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const write = (text: string) => writeFile(join(folder, "policies.shop.json"), text);
  const target = () => join(folder, "written.json");

  it("is handed to the CLI when there is one", async () => {
    await write(JSON.stringify({ preset: "dev", policies: { "img-pinned": { parameters: { requireDigest: true } } } }));
    const args = await policyArguments("shop", target(), folder);
    assert.deepEqual(args, ["--policy-pack", "policies", "--policy-pack-config", target()]);
    const written = JSON.parse(await readFile(target(), "utf8")) as Record<string, unknown>;
    assert.deepEqual(written["img-pinned"], { enforcementLevel: "advisory", requireDigest: true });
    assert.deepEqual(written["settings"], { environment: "dev" });
  });

  it("is left out when there is none, and so is that of an earlier run", async () => {
    await writeFile(target(), "{}");
    assert.deepEqual(await policyArguments("shop", target(), folder), ["--policy-pack", "policies"]);
    await assert.rejects(readFile(target()), { code: "ENOENT" });
    assert.equal(await stackPolicies("shop", folder), undefined);
  });

  it("is refused with all that is wrong, and when it is no JSON", async () => {
    await write(JSON.stringify({ preset: "none", policies: { "img-pined": "advisory" } }));
    await assert.rejects(stackPolicies("shop", folder), {
      name: "UserError",
      message: [
        'policies.shop.json: preset: it is "none"; allowed are dev, baseline, restricted, production.',
        "policies.shop.json: policies.img-pined: there is no such policy; did you mean img-pinned?",
      ].join("\n"),
    });
    await write("{");
    await assert.rejects(stackPolicies("shop", folder), /^UserError: policies\.shop\.json: it is no JSON: /);
  });
});
