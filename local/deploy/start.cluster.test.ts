import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { load } from "js-yaml";

import { UserError } from "../../infra/errors.ts";
import type { HealthCheck } from "../../infra/spec/health.ts";
import { startCluster } from "../cluster/index.ts";
import { ensureEngine } from "../pulumi/index.ts";
import { waitForHealth } from "./health.ts";
import { changes } from "./operation.ts";
import { readOutputs } from "./outputs.ts";
import { preview } from "./preview.ts";
import { render } from "./render.ts";
import { readStackFile, root, writeStackFile } from "./stack-file.ts";
import { start, type Started } from "./start.ts";

const minute = 60_000;

describe("npm start", function () {
  this.timeout(30 * minute);
  let started: Started;
  before(async () => {
    started = await start({ stack: "dev" });
  });

  it("ends when every declared health path of worldstore has answered", () => {
    const checks = started.outputs["healthChecks"] as HealthCheck[];
    assert.equal(started.answered, checks.length);
    for (const service of ["worldstore-agent", "worldstore-server", "order-queue-worker"]) {
      assert.ok(
        checks.some((check) => check.service === service && check.path === "/health"),
        service,
      );
    }
  });

  it("changes nothing the second time", async () => {
    const again = await start({ stack: "dev" });
    assert.equal(changes(again.summary), 0);
    assert.deepEqual(again.outputs, started.outputs);
    assert.deepEqual(
      again.findings.filter(({ level }) => level === "mandatory"),
      [],
    );
  });

  it("leaves outputs behind that show no secret", async () => {
    const outputs = await readOutputs(await ensureEngine(), "dev");
    assert.deepEqual(outputs, started.outputs);
    assert.doesNotMatch(JSON.stringify(outputs), /postgres:\/\/|rediss:\/\/|PRIVATE KEY/);
  });

  it("plans nothing afterwards", async () => {
    const { summary } = await preview({ stack: "dev" });
    assert.deepEqual(Object.keys(summary), ["same"]);
  });

  it("can be rendered as manifests without an open secret, the same each time", async () => {
    const directory = await mkdtemp(join(tmpdir(), "render-test-"));
    try {
      const files = await render("dev", directory);
      const texts = await Promise.all(files.map((file) => readFile(join(directory, file), "utf8")));
      assert.equal(files[0], "0-namespace-worldstore.yaml");
      assert.ok(files.includes("1-sealedsecret-worldstore-agent-secrets.yaml"));
      assert.ok(texts.every((text) => (load(text) as { kind: string }).kind !== "Secret"));
      assert.deepEqual(await render("dev", directory), files);
      assert.deepEqual(await Promise.all(files.map((file) => readFile(join(directory, file), "utf8"))), texts);
      assert.deepEqual((await readdir(directory)).sort(), files);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});

describe("npm start with a policy violation", function () {
  this.timeout(10 * minute);
  const stack = `test-${process.pid}`;
  const file = join(root, `Pulumi.${stack}.yaml`);
  after(async () => {
    await rm(file, { force: true });
    await (
      await ensureEngine()
    ).run(["stack", "rm", "--yes", "--force", "--stack", stack], { cwd: root, mayFail: true });
  });

  it("stops before anything changes and says what to do", async () => {
    const { config } = await readStackFile("dev");
    const images = { agent: "registry.example/agent:latest" };
    await writeStackFile(file, {
      config: { ...config, "agent-commerce:namespace": stack, "agent-commerce:images": images },
    });
    await assert.rejects(start({ stack }), (error) => {
      assert.ok(error instanceof UserError);
      assert.match(
        error.message,
        /stopped by policy POL-IMG-PINNED[\s\S]*containers\[0\]\.image[\s\S]*fix:[\s\S]*WS-SEC-45/,
      );
      return true;
    });
    const { stdout } = await (await ensureEngine()).run(["stack", "export", "--stack", stack], { cwd: root });
    const { deployment } = JSON.parse(stdout) as { deployment: { resources?: unknown[] } };
    assert.deepEqual(deployment.resources ?? [], []);
  });
});

describe("The wait for health", function () {
  this.timeout(5 * minute);

  it("names every path that does not answer", async () => {
    const { kubeconfig } = await startCluster();
    const checks = [
      { service: "kubernetes", namespace: "default", port: 1, path: "/live" },
      { service: "nothing", namespace: "default", port: 3000, path: "/ready" },
    ];
    await assert.rejects(
      waitForHealth(checks, { kubeconfig }, { limit: 1000 }),
      (error) =>
        error instanceof UserError &&
        error.problems.length === 2 &&
        /http:\/\/kubernetes\.default:1\/live: answers with status \d+/.test(error.message) &&
        /http:\/\/nothing\.default:3000\/ready: answers with status 404/.test(error.message),
    );
  });
});
