import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureEngine, type Engine } from "../pulumi/index.ts";
import { analyze } from "../pulumi/program/analyze.ts";
import { recordProgram } from "../pulumi/program/monitor.ts";
import { prepareStack } from "../pulumi/recovery.ts";
import { parseEvent, policyFindings, type PolicyFinding } from "./events.ts";
import { stateReport } from "./policy-report.ts";
import { root } from "./stack-file.ts";

const pack = join(root, "policies");
const program = join(pack, "testing", "program");
const project = "policy-test";
const stack = "test";

/** The findings of the policies, without the ends of lines that the CLI adds. */
const told = (findings: readonly PolicyFinding[]) =>
  findings.map(({ policy, level, urn, message }) => `${level} ${policy} ${urn}\n${message}`).sort();

const eventsOf = (text: string) => text.split("\n").flatMap((line) => parseEvent(line) ?? []);

describe("The policies, asked without an engine", () => {
  let directory: string;
  let engine: Engine;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "policies-"));
    engine = await ensureEngine({ backend: `file://${directory}` });
    await prepareStack(engine, { cwd: program, stack }, { say: () => undefined });
  });

  after(() => rm(directory, { recursive: true, force: true }));

  for (const weakness of ["latest-image", "plaintext-secret", "open-network-policy"]) {
    it(`say of a program what \`pulumi preview\` makes them say: ${weakness}`, async () => {
      const [settings, eventLog] = [join(directory, "stack.yaml"), join(directory, `${weakness}.json`)];
      await writeFile(settings, `config:\n  ${project}:weakness: ${weakness}\n`);
      const named = ["--stack", stack, "--config-file", settings, "--event-log", eventLog];
      const { code, stderr } = await engine.run(
        ["preview", "--json", "--non-interactive", "--policy-pack", pack, ...named],
        { cwd: program, env: { ...process.env, PULUMI_DEBUG_COMMANDS: "true" }, mayFail: true },
      );
      assert.notEqual(code, 0, stderr);
      const previewed = policyFindings(eventsOf(await readFile(eventLog, "utf8")));
      const { resources } = await recordProgram({
        cwd: program,
        entry: "index.ts",
        project,
        stack,
        config: { weakness },
      });
      const asked = (await analyze({ pack, resources })).map((finding) => ({
        ...finding,
        message: finding.message.trim(),
      }));
      assert.ok(asked.some(({ level }) => level === "mandatory"));
      assert.deepEqual(told(asked), told(previewed));
    });
  }

  it("say of a state what `pulumi policy analyze` makes them say, and open no secret", async () => {
    const state = join(directory, "state.json");
    await writeFile(state, JSON.stringify(weakState));
    const { code, stdout, stderr } = await engine.run(
      ["policy", "analyze", "--file", state, "--policy-pack", pack, "--json", "--non-interactive"],
      { cwd: program, mayFail: true },
    );
    assert.notEqual(code, 0, stderr);
    const analyzed = policyFindings(eventsOf(stdout));
    const { plans } = await stateReport(state);
    assert.deepEqual(
      plans.map(({ stack: name, resources }) => [name, resources]),
      [["shop", 2]],
    );
    assert.deepEqual(told(plans.flatMap(({ findings }) => findings)), told(analyzed));
    const properties = plans.flatMap(({ findings }) => findings.map(({ property }) => property));
    assert.ok(properties.includes("spec.template.spec.containers[0].image"), properties.join());
    assert.doesNotMatch(JSON.stringify(plans), /correct-horse|v1:abc/);
  });
});

const secret = (ciphertext: string) => ({
  "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
  ciphertext,
});
const container = {
  name: "app",
  image: "images.local/agent:latest",
  env: [
    { name: "WALLET_KEY", value: secret("v1:abc") },
    { name: "API_TOKEN", value: "correct-horse-battery" },
  ],
};
const deployment = {
  metadata: { name: "agent", namespace: "shop" },
  spec: { template: { metadata: { labels: { app: "agent" } }, spec: { containers: [container] } } },
};
const urn = (type: string, name: string) => `urn:pulumi:shop::${project}::${type}::${name}`;
const rootUrn = urn("pulumi:pulumi:Stack", `${project}-shop`);
const providerUrn = urn("pulumi:providers:kubernetes", "cluster");
const weakState = {
  version: 3,
  deployment: {
    manifest: { time: "2026-01-01T00:00:00Z", magic: "", version: "" },
    secrets_providers: { type: "passphrase", state: { salt: "v1:c2FsdHNhbHQ=:v1:bm9uY2Vub25jZTEy:Y2hlY2s=" } },
    resources: [
      { urn: rootUrn, type: "pulumi:pulumi:Stack", custom: false },
      {
        urn: providerUrn,
        type: "pulumi:providers:kubernetes",
        custom: true,
        id: "1",
        inputs: {},
        outputs: {},
        parent: rootUrn,
      },
      {
        urn: urn("kubernetes:apps/v1:Deployment", "agent"),
        type: "kubernetes:apps/v1:Deployment",
        custom: true,
        id: "shop/agent",
        inputs: deployment,
        outputs: deployment,
        parent: rootUrn,
        provider: `${providerUrn}::1`,
      },
    ],
  },
};
