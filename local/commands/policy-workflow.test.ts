import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { load } from "js-yaml";

import { root } from "../deploy/stack-file.ts";

interface Workflow {
  permissions: Record<string, string>;
  jobs: Record<string, { permissions?: Record<string, string>; steps: { uses?: string; run?: string }[] }>;
}

const workflow = async (name: string) =>
  load(await readFile(join(root, ".github", "workflows", name), "utf8")) as Workflow;

describe("The workflow of the policies", () => {
  it("pins every action by commit, those of the other workflow to the same one", async () => {
    const steps = async (name: string) =>
      Object.values((await workflow(name)).jobs).flatMap((job) => job.steps.flatMap(({ uses }) => uses ?? []));
    const [actions, others] = [await steps("policy.yml"), await steps("ci.yml")];
    for (const action of actions) {
      assert.match(action, /^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      const name = action.split("@")[0] ?? "";
      const twin = others.find((other) => other.startsWith(`${name}@`));
      assert.equal(action, twin ?? action);
    }
  });

  it("may read the repository and write findings, nothing else", async () => {
    const { permissions, jobs } = await workflow("policy.yml");
    assert.deepEqual(permissions, { contents: "read" });
    assert.deepEqual(
      Object.values(jobs).map((job) => job.permissions),
      [{ contents: "read", "security-events": "write" }],
    );
  });

  it("asks about every stack and uploads what it writes", async () => {
    const [{ steps } = { steps: [] }] = Object.values((await workflow("policy.yml")).jobs);
    assert.ok(steps.some(({ run }) => run === "npm run --silent policy -- --all --format sarif > policy.sarif"));
    assert.equal(steps.at(-1)?.uses?.split("@")[0], "github/codeql-action/upload-sarif");
  });
});
