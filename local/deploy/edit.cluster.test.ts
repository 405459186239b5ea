import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { ensureEngine, type Engine } from "../pulumi/index.ts";
import { start } from "./start.ts";
import { root } from "./stack-file.ts";
import { machineFile } from "./testing/cluster.ts";

interface Step {
  op: string;
  urn: string;
}

// Does not prove that the update then does what the plan says: the tests of the kubernetes plugin compare the two.
describe("An edit of worldstore's specification, planned against what runs", function () {
  this.timeout(20 * 60_000);
  let engine: Engine;
  let checkout: string;

  before(async () => {
    await start({ stack: "dev" });
    engine = await ensureEngine();
    checkout = await mkdtemp(join(tmpdir(), "edit-"));
    for (const part of ["Pulumi.yaml", "package.json", "stacks", "infra"]) {
      await cp(join(root, part), join(checkout, part), { recursive: true });
    }
    await symlink(join(root, "node_modules"), join(checkout, "node_modules"));
  });

  after(async () => {
    await rm(checkout, { recursive: true, force: true });
  });

  async function planned(edit: (text: string) => string): Promise<string[]> {
    const file = join(checkout, "stacks", "worldstore.ts");
    const original = await readFile(join(root, "stacks", "worldstore.ts"), "utf8");
    const edited = edit(original);
    assert.notEqual(edited, original, "the edit no longer fits the specification");
    await writeFile(file, edited);
    try {
      const { stdout } = await engine.run(
        ["preview", "--json", "--non-interactive", "--stack", "dev", "--config-file", machineFile("dev")],
        { cwd: checkout },
      );
      const { steps } = JSON.parse(stdout) as { steps: Step[] };
      return steps
        .filter(({ op }) => op !== "same")
        .map(({ op, urn }) => `${op} ${urn.split("::").at(-1) ?? ""}`)
        .sort();
    } finally {
      await writeFile(file, original);
    }
  }

  it("of a variable changes the workload that reads it", async () => {
    assert.deepEqual(await planned((text) => text.replace('BATCH_SIZE: "10"', 'BATCH_SIZE: "12"')), [
      "update worldstore-worldstore-agent-workload",
    ]);
  });

  it("of the number of copies changes the workload and what is computed from it", async () => {
    assert.deepEqual(await planned((text) => text.replace("{ minimum: 2, maximum: 6", "{ minimum: 3, maximum: 6")), [
      "update worldstore-namespace-quota",
      "update worldstore-worldstore-server-workload",
    ]);
  });

  it("of a secret's name changes the sealed secret and the workload of its services alone", async () => {
    const changes = await planned((text) => text.replace("SERPAPI_API_KEY: { secret: ", "SERPAPI_KEY: { secret: "));
    assert.deepEqual(changes, [
      "update worldstore-worldstore-agent-secrets",
      "update worldstore-worldstore-agent-workload",
    ]);
  });

  it("that removes a service deletes its resources and nothing else", async () => {
    const changes = await planned((text) =>
      text
        .replace(/ {6}"order-queue-worker": \{\n[\s\S]*?\n {6}\},\n/, "")
        .replace(/ {6}\{ requirement: "WS-FLW-08".*\n/g, "")
        .replace(', "order-queue-worker"].map', "].map")
        .replace(
          " alerts,\n",
          ' alerts: alerts.map((alert) => alert.condition.kind === "down" ? { ...alert, condition: { kind: "down", services: alert.condition.services.slice(0, 2) } } : alert),\n',
        ),
    );
    const deleted = changes.filter((change) => change.startsWith("delete "));
    assert(deleted.length >= 8, changes.join("\n"));
    for (const change of deleted) assert.match(change, /order-queue-worker/);
    assert.deepEqual(
      changes.filter((change) => !change.startsWith("delete ") && !change.startsWith("update ")),
      [],
    );
    for (const untouched of ["worldstore-worldstore-agent-workload", "worldstore-worldstore-server-workload"]) {
      assert(!changes.some((change) => change.endsWith(untouched)), changes.join("\n"));
    }
  });
});
