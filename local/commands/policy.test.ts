import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { root } from "../deploy/stack-file.ts";
import { run } from "../run.ts";

const urn = "urn:pulumi:shop::policy-test::kubernetes:apps/v1:Deployment::agent";
const deployment = {
  metadata: { name: "agent", namespace: "shop" },
  spec: { template: { spec: { containers: [{ name: "app", image: "images.local/agent:latest" }] } } },
};
const resource = { urn, type: "kubernetes:apps/v1:Deployment", custom: true, inputs: deployment, outputs: deployment };

describe("npm run policy", function () {
  this.timeout(60_000);
  let directory: string;

  const policy = (...args: string[]) =>
    run(process.execPath, ["--disable-warning=ExperimentalWarning", "local/commands/policy.ts", ...args], {
      cwd: root,
      mayFail: true,
    });
  const file = async (name: string, content: object) => {
    await writeFile(join(directory, name), JSON.stringify(content));
    return join(directory, name);
  };

  before(async () => (directory = await mkdtemp(join(tmpdir(), "policy-"))));
  after(() => rm(directory, { recursive: true, force: true }));

  it("ends with 1 on a violation, and writes text, JSON or SARIF", async () => {
    const state = await file("state.json", { deployment: { resources: [resource] } });
    const text = await policy("--file", state);
    assert.equal(text.code, 1, text.stderr);
    assert.match(text.stdout, /VIOLATION \(high\) POL-IMG-PINNED/);
    assert.match(text.stdout.trim(), /violations \(.* high.*\) in 1 resource of 1 plan.*\.$/);
    const json = await policy("--file", state, "--json");
    const { plans } = JSON.parse(json.stdout) as { plans: { findings: { id: string; property: string }[] }[] };
    const pinned = plans[0]?.findings.find(({ id }) => id === "POL-IMG-PINNED");
    assert.equal(pinned?.property, "spec.template.spec.containers[0].image");
    const sarif = await policy("--file", state, "--format", "sarif");
    assert.equal(sarif.code, 1, sarif.stderr);
    assert.equal((JSON.parse(sarif.stdout) as { version: string }).version, "2.1.0");
  });

  it("ends with 0 and one line when the configuration disables what would speak", async () => {
    const state = await file("state.json", { deployment: { resources: [resource] } });
    const config = await file("config.json", { all: "disabled" });
    const { code, stdout, stderr } = await policy("--file", state, "--config", config);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, "No violation in 1 resource of 1 plan.\n");
  });

  it("says what is wrong with its options", async () => {
    const absent = await policy("--file", join(directory, "absent.json"));
    assert.equal(absent.code, 1);
    assert.match(absent.stderr, /^--file: .*absent\.json cannot be read; write it with `pulumi stack export`\.$/m);
    const format = await policy("--format", "xml");
    assert.match(format.stderr, /^--format: "xml" is not allowed; allowed are text, json, sarif\.$/m);
  });

  it("names the policies of requirements and controls", async () => {
    const { code, stdout } = await policy("--coverage");
    assert.equal(code, 0);
    assert.match(stdout, /^WS-SEC-45 +.*POL-IMG-PINNED/m);
    assert.match(stdout, /^hostNamespaces +POL-NO-HOST/m);
  });
});
