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
  const settings = () => join(folder, "stack.yaml");
  const written = async () => {
    const args = await policyArguments("shop", settings(), folder);
    const file = `${settings()}.policies.json`;
    assert.deepEqual(args, ["--policy-pack", "policies", "--policy-pack-config", file]);
    return JSON.parse(await readFile(file, "utf8")) as Record<string, unknown>;
  };
  beforeEach(() => writeFile(settings(), "config:\n  agent-commerce:profile: staging\n"));

  it("is handed to the CLI when there is one", async () => {
    await write(JSON.stringify({ preset: "dev", policies: { "img-pinned": { parameters: { requireDigest: true } } } }));
    const config = await written();
    assert.deepEqual(config["img-pinned"], { enforcementLevel: "advisory", requireDigest: true });
    assert.deepEqual(config["settings"], { environment: "dev" });
  });

  it("tells the stage of the stack's profile, when there is none or it names no stage", async () => {
    assert.deepEqual(await written(), { settings: { environment: "staging" } });
    await write(JSON.stringify({ policies: { probes: "advisory" } }));
    assert.deepEqual((await written())["settings"], { environment: "staging" });
    await write(JSON.stringify({ environment: "canary" }));
    assert.deepEqual((await written())["settings"], { environment: "canary" });
  });

  it("is refused with all that is wrong, and when it is no JSON", async () => {
    await write(JSON.stringify({ preset: "none", policies: { "img-pined": "advisory" } }));
    await assert.rejects(stackPolicies("shop", "staging", folder), {
      name: "UserError",
      message: [
        'policies.shop.json: preset: it is "none"; allowed are dev, baseline, restricted, production.',
        "policies.shop.json: policies.img-pined: there is no such policy; did you mean img-pinned?",
      ].join("\n"),
    });
    await write("{");
    await assert.rejects(stackPolicies("shop", "staging", folder), /^UserError: policies\.shop\.json: it is no JSON: /);
  });
});
