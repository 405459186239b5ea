import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import { preview, type Preview } from "./preview.ts";
import { readStackFile, root, writeStackFile } from "./stack-file.ts";

const asDeclared = { system: "worldstore" };

describe("A preview of worldstore", () => {
  let plan: Preview;
  before(async () => {
    plan = await preview({ stack: "dev", overrides: asDeclared });
  });

  it("needs no cluster, image or secret and violates no policy", () => {
    assert.deepEqual(
      plan.policies.filter(({ level }) => level === "mandatory"),
      [],
    );
    assert.equal(plan.summary["create"], plan.resources.length + 1);
    assert.deepEqual(Object.keys(plan.summary), ["create"]);
  });

  it("has the workloads with their parents and dependencies", () => {
    const agent = plan.resources.find(
      ({ type, name }) => type === "kubernetes:apps/v1:StatefulSet" && /agent/.test(name),
    );
    assert.ok(agent);
    const urns = new Set(plan.resources.map(({ urn }) => urn));
    assert.ok(urns.has(agent.parent));
    assert.ok(agent.dependencies.length > 0 && agent.dependencies.every((urn) => urns.has(urn)));
  });

  it("has the outputs of the stack", () => {
    assert.equal(plan.outputs["namespaceOrClusterName"], "worldstore");
    assert.ok(Array.isArray(plan.outputs["healthChecks"]));
  });

  it("shows no value of the engine's own for secrets and unknown values", () => {
    const text = JSON.stringify(plan);
    assert.doesNotMatch(text, /4dabf18193072939515e22adb298388d|04da6b54-80e4-46f7-96ec-b56ff0331ba9/);
    assert.match(text, /\[unknown\]/);
  });

  it("is the same every time", async () => {
    assert.deepEqual(await preview({ stack: "dev", overrides: asDeclared }), plan);
  });
});

describe("A preview of production", function () {
  this.timeout(120_000);
  const violations = ({ policies }: Preview) => policies.filter(({ level }) => level === "mandatory");

  it("on ECS needs no account, violates no policy, hides every secret, and is the same every time", async () => {
    const plan = await preview({ stack: "prod" });
    assert.deepEqual(violations(plan), []);
    // Only what AWS decides waits for the update, such as the ARN of a key; no document that is made of parts does.
    const waiting = plan.policies.filter(({ message }) => message.includes("not evaluated"));
    assert.deepEqual(
      waiting.filter(({ message }) => /containerDefinitions|assumeRolePolicy|redrivePolicy/.test(message)),
      [],
    );
    assert.equal(plan.summary["create"], plan.resources.length + 1);
    assert.equal(
      (plan.outputs["endpoints"] as Record<string, string>)["worldstore-server"],
      "https://pay.shop.example.com",
    );
    const text = JSON.stringify(plan);
    assert.doesNotMatch(text, /sk-ant-|0x[0-9a-f]{64}/);
    assert.equal(JSON.stringify(await preview({ stack: "prod" })), text);
  });

  it("on Kubernetes makes the stores on AWS beside the cluster, and violates no policy either", async () => {
    const plan = await preview({ stack: "prod", overrides: { target: "kubernetes" } });
    assert.deepEqual(violations(plan), []);
    const types = new Set(plan.resources.map(({ type }) => type));
    for (const type of [
      "kubernetes:networking.k8s.io/v1:Ingress",
      "aws:rds/instance:Instance",
      "aws:s3/bucket:Bucket",
    ]) {
      assert.ok(types.has(type), type);
    }
    assert.ok(!types.has("aws:ecs/service:Service"));
  });
});

describe("A preview of a stack with mistakes", () => {
  const stack = `test-${process.pid}`;
  const file = join(root, `Pulumi.${stack}.yaml`);
  afterEach(() => rm(file, { force: true }));

  async function planWith(settings: Record<string, unknown>): Promise<Preview> {
    const { config } = await readStackFile("dev");
    await writeStackFile(file, { config: { ...config, ...settings } });
    return await preview({ stack });
  }

  it("names the policy, the resource, the property, the fix and the requirement", async () => {
    const { policies } = await planWith({ "agent-commerce:images": { agent: "registry.example/agent:latest" } });
    const violations = policies.filter(({ level }) => level === "mandatory");
    // Where images come from is judged as well, since the other images have another registry.
    assert.deepEqual(violations.map(({ policy }) => policy).sort(), ["img-pinned", "img-registry"]);
    const violation = violations.find(({ policy }) => policy === "img-pinned");
    assert.ok(violation);
    assert.match(violation.urn, /worldstore-agent/);
    for (const part of [/POL-IMG-PINNED/, /containers\[0\]\.image/, /agent:latest/, /fix:/, /WS-SEC-45/]) {
      assert.match(violation.message, part);
    }
  });

  it("tells every wrong setting by its key, without starting the engine", async () => {
    await assert.rejects(
      planWith({ "agent-commerce:profile": "huge", "agent-commerce:colour": "red" }),
      (error) =>
        error instanceof UserError &&
        /agent-commerce:colour: there is no such setting/.test(error.message) &&
        /agent-commerce:profile: "huge" is not allowed; allowed are dev, staging, production/.test(error.message),
    );
  });

  it("passes on what the program says, without a stack trace", async () => {
    const { config } = await readStackFile("dev");
    const omissions = config["agent-commerce:omissions"] as { feature: string }[];
    await assert.rejects(
      planWith({ "agent-commerce:omissions": omissions.filter(({ feature }) => feature !== "object-stores") }),
      (error) =>
        error instanceof UserError &&
        /an object store in the cluster is not supported on kubernetes: .*name "object-stores"/.test(error.message) &&
        !/\n\s+at /.test(error.message),
    );
  });

  it("says where a file is not YAML", async () => {
    await writeFile(file, "config: [\n");
    await assert.rejects(
      preview({ stack }),
      (error) => error instanceof UserError && /it is not YAML/.test(error.message),
    );
  });
});
