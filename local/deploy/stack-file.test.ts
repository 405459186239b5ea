import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { load } from "js-yaml";

import { UserError } from "../../infra/errors.ts";
import {
  readStackFile,
  readStartedFile,
  settingTexts,
  withDefaults,
  withOverrides,
  writeMachineFile,
  type StackFile,
} from "./stack-file.ts";

const file: StackFile = {
  config: {
    "agent-commerce:system": "worldstore",
    "agent-commerce:images": { agent: "registry.example/agent:1.0.0" },
    "agent-commerce:externalSecrets": { KEY: { secure: "AAABAGM1" } },
  },
};

describe("The settings of a stack", () => {
  it("keep their own values when others are filled in, image by image", () => {
    const filled = withDefaults(file, { system: "other", owner: "me", images: { agent: "b:2", redis: "c:3" } });
    assert.deepEqual(filled.config, {
      ...file.config,
      "agent-commerce:owner": "me",
      "agent-commerce:images": { agent: "registry.example/agent:1.0.0", redis: "c:3" },
    });
  });

  it("give way to overrides", () => {
    assert.equal(withOverrides(file, { system: "other" }).config["agent-commerce:system"], "other");
    assert.equal(file.config["agent-commerce:system"], "worldstore");
  });

  it("reach a program as texts, without the text of a sealed value", () => {
    const texts = settingTexts(file);
    assert.equal(texts["agent-commerce:system"], "worldstore");
    assert.equal(texts["agent-commerce:images"], '{"agent":"registry.example/agent:1.0.0"}');
    assert.equal(texts["agent-commerce:externalSecrets"], '{"KEY":"sealed"}');
  });

  it("are those that are committed", async () => {
    const { config } = await readStackFile("dev");
    assert.equal(config["agent-commerce:system"], "worldstore");
  });

  for (const wrong of ["nowhere", "../Pulumi.dev", "dev.yaml/..", ""]) {
    it(`say which stacks there are when "${wrong}" is none`, async () => {
      await assert.rejects(readStackFile(wrong), (error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, /^--stack .*: there is no Pulumi\..*\.yaml; the stacks are dev, prod\. /);
        return true;
      });
    });
  }
});

describe("The settings of a stack on this machine", () => {
  let cache: string;
  const before = process.env["AGENT_COMMERCE_CACHE"];
  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), "stack-file-test-"));
    process.env["AGENT_COMMERCE_CACHE"] = cache;
  });
  afterEach(async () => {
    if (before === undefined) delete process.env["AGENT_COMMERCE_CACHE"];
    else process.env["AGENT_COMMERCE_CACHE"] = before;
    await rm(cache, { recursive: true, force: true });
  });

  it("are kept beside the checkout, for this user alone, with the salt of earlier runs", async () => {
    const path = await writeMachineFile("dev", {
      config: { "agent-commerce:owner": "me" },
      encryptionsalt: "v1:first",
    });
    assert.equal(await writeMachineFile("dev", { config: { "agent-commerce:owner": "you" } }), path);
    assert.ok(path.startsWith(cache));
    assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(load(await readFile(path, "utf8")), {
      encryptionsalt: "v1:first",
      config: { "agent-commerce:owner": "you" },
    });
  });

  it("add to the committed ones only what belongs to the machine", async () => {
    const started = { "agent-commerce:kubeconfig": "/somewhere", "agent-commerce:profile": "production" };
    await writeMachineFile("dev", { config: started });
    const { config } = await readStartedFile("dev");
    assert.equal(config["agent-commerce:kubeconfig"], "/somewhere");
    assert.equal(config["agent-commerce:profile"], "dev");
  });
});
