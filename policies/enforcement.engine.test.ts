import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ensureEngine, type Engine } from "../local/pulumi/index.ts";
import { prepareStack } from "../local/pulumi/recovery.ts";
import { catalogue } from "./catalogue.ts";
import { packConfigFile, type Configuration } from "./frame/configuration.ts";

const program = join(import.meta.dirname, "testing", "program");
const stack = "test";

/** What stops each weakness, as the CLI prints it: policy, resource, property, what was found, fix and requirement. */
const weaknesses: Record<string, RegExp[]> = {
  "latest-image": [
    /\[mandatory\] \[severity: \w+\] +img-pinned/,
    /POL-IMG-PINNED/,
    /resource: payment-server \(kubernetes:apps\/v1:Deployment\)/,
    /property: spec\.template\.spec\.containers\[0\]\.image/,
    /found: +"images\.local\/agent:latest"/,
    /fix: +Name the version/,
    /WS-SEC-45/,
  ],
  "plaintext-secret": [
    /\[mandatory\] \[severity: \w+\] +secret-no-plaintext/,
    /property: spec\.template\.spec\.containers\[0\]\.env\[0\]\.value/,
    /found: +a literal value for "WALLET_KEY" \(hidden\)/,
    /fix: +Declare it as a secret/,
    /WS-SEC-01/,
  ],
  "root-container": [
    /\[mandatory\] \[severity: \w+\] +pod-hardened/,
    /property: spec\.template\.spec\.containers\[0\]\.securityContext\.runAsUser/,
    /found: +0/,
    /fix: +Set runAsUser to a number other than 0/,
    /WS-SEC-47/,
  ],
  "open-network-policy": [
    /\[mandatory\] \[severity: \w+\] +netpol-default-deny/,
    /resource: open \(kubernetes:networking\.k8s\.io\/v1:NetworkPolicy\)/,
    /property: spec\.ingress\[0\]/,
    /found: +every source on every port/,
    /WS-SEC-47/,
  ],
};

/** The policies that the weaknesses are about, and no other: the program is as small as they allow. */
const asked = ["img-pinned", "netpol-default-deny", "no-host", "pod-hardened", "secret-no-plaintext"];

/** The file for `--policy-pack-config`, made as `npm run policy` makes it. */
function configured({ policies = {}, ...configuration }: Configuration = {}): object {
  const others = catalogue.filter(({ name }) => !asked.includes(name)).map(({ name }) => [name, "disabled"] as const);
  return packConfigFile({ ...configuration, policies: { ...Object.fromEntries(others), ...policies } }, catalogue);
}

describe("the policy pack in the hands of the Pulumi CLI", function () {
  this.timeout(120_000);
  let directory: string;
  let engine: Engine;

  const pulumi = (command: string[], settings: string[] = []) =>
    engine.run([...command, "--stack", stack, "--non-interactive", "--color", "never", ...settings], {
      cwd: program,
      mayFail: true,
    });

  /** Runs the program with one weakness under the pack. */
  async function deploy(command: string[], weakness: string, config: object = configured()) {
    const [settings, packConfig] = [join(directory, "stack.yaml"), join(directory, "policies.json")];
    await writeFile(settings, `config:\n  policy-test:weakness: ${weakness}\n`);
    await writeFile(packConfig, JSON.stringify(config));
    const pack = ["--policy-pack", import.meta.dirname, "--policy-pack-config", packConfig];
    const { code, stdout, stderr } = await pulumi([...command, ...pack], ["--config-file", settings]);
    return { code, said: stdout + stderr };
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "policies-"));
    process.env["PULUMI_BACKEND_URL"] = `file://${directory}`;
    engine = await ensureEngine();
    await prepareStack(engine, { cwd: program, stack }, { say: () => undefined });
  });

  after(async () => {
    delete process.env["PULUMI_BACKEND_URL"];
    await rm(directory, { recursive: true, force: true });
  });

  it("passes a hardened service in silence", async () => {
    const { code, said } = await deploy(["preview"], "none");
    assert.equal(code, 0, said);
    assert.doesNotMatch(said, /\[(?:mandatory|advisory)\]/);
  });

  for (const [weakness, expected] of Object.entries(weaknesses)) {
    it(`stops up before anything changes: ${weakness}`, async () => {
      const { code, said } = await deploy(["up", "--yes"], weakness);
      assert.notEqual(code, 0);
      expected.forEach((pattern) => assert.match(said, pattern));
      assert.doesNotMatch(said, /correct-horse-battery|^Updating/m);
      const { stdout } = await pulumi(["stack", "export"]);
      const { deployment } = JSON.parse(stdout) as { deployment: { resources?: unknown[] } };
      assert.deepEqual(deployment.resources ?? [], []);
    });
  }

  it("reads exemptions, levels and parameters from the file given to --policy-pack-config", async () => {
    const expires = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const exemption = {
      policy: "POL-IMG-PINNED",
      urn: "*::payment-server",
      reason: "test",
      owner: "platform",
      expires,
    };
    const exempted = await deploy(["preview"], "latest-image", configured({ exemptions: [exemption] }));
    assert.equal(exempted.code, 0, exempted.said);
    assert.match(exempted.said, new RegExp(`exempt until ${expires}, owner platform: test`));
    const advised = await deploy(
      ["preview"],
      "latest-image",
      configured({ preset: "baseline", policies: { "img-pinned": "advisory" } }),
    );
    assert.equal(advised.code, 0, advised.said);
    assert.match(advised.said, /\[advisory\] \[severity: high\] +img-pinned/);
    const parameters = { bannedTags: ["edge"] };
    const tolerated = await deploy(
      ["preview"],
      "latest-image",
      configured({ policies: { "img-pinned": { parameters } } }),
    );
    assert.equal(tolerated.code, 0, tolerated.said);
    const unasked = await deploy(["preview"], "latest-image", configured({ policies: { "img-pinned": "disabled" } }));
    assert.equal(unasked.code, 0, unasked.said);
    assert.doesNotMatch(unasked.said, /IMG-PINNED/);
  });

  it("mends what the level remediate asks it to, and says so", async () => {
    const { code, said } = await deploy(
      ["preview"],
      "root-container",
      configured({ policies: { "pod-hardened": "remediate" } }),
    );
    assert.equal(code, 0, said);
    assert.match(said, /\[remediate\] +pod-hardened/);
    assert.doesNotMatch(said, /POL-POD-HARDENED/);
  });

  it("refuses parameters of another shape and of unknown names, and warns of unused exemptions", async () => {
    const shape = await deploy(["preview"], "none", { ...configured(), "img-pinned": { bannedTags: "edge" } });
    assert.notEqual(shape.code, 0);
    assert.match(shape.said, /img-pinned: bannedTags: Invalid type/);
    const name = await deploy(["preview"], "none", { ...configured(), "img-pinned": { banedTags: [] } });
    assert.notEqual(name.code, 0);
    assert.match(name.said, /POL-IMG-PINNED has no parameter "banedTags"/);
    const expires = new Date(Date.now() + 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
    const unused = { policy: "POL-NO-HOST", urn: "*::agent", reason: "test", owner: "platform", expires };
    const { code, said } = await deploy(["preview"], "none", configured({ exemptions: [unused] }));
    assert.equal(code, 0, said);
    assert.match(said, /exemptions\[0\] \(POL-NO-HOST for \*::agent, owner platform\) exempts nothing any more/);
  });
});
