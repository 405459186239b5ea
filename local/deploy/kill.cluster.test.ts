import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureEngine, type Engine } from "../pulumi/index.ts";
import { prepareStack } from "../pulumi/recovery.ts";
import { commandOf, descendants } from "../testing/processes.ts";
import { start } from "./start.ts";
import { readStartedFile, root, withOverrides, writeMachineFile } from "./stack-file.ts";
import { kubectl, objects } from "./testing/cluster.ts";

const stack = "killed";
const namespace = "worldstore-killed";
const kinds =
  "deployments,statefulsets,services,serviceaccounts,configmaps,networkpolicies,sealedsecrets,poddisruptionbudgets,resourcequotas,limitranges";

/** What a cluster puts into every namespace by itself. */
const ofTheCluster = new Set(["ConfigMap/kube-root-ca.crt", "ServiceAccount/default"]);

/** Whose death is tried, by a part of its command line. */
const victims = {
  CLI: "/pulumi up ",
  "language host": "language-host",
  "kubernetes plugin": "plugins/kubernetes/main.ts",
  program: "cmd/run ",
} as const;

/**
 * When an update is killed: after a time, before it does anything, or when it has told of so many steps. Steps rather
 * than times, so that a slow and a fast machine are killed at the same work.
 */
type Moment = { milliseconds: number } | { steps: number };

const moments: readonly Moment[] = [
  ...[300, 700, 1100, 1500].map((milliseconds) => ({ milliseconds })),
  ...Array.from({ length: 16 }, (_, number) => ({ steps: 1 + ((number * 5) % 13) })),
];

interface State {
  deployment: { resources: { type: string; outputs?: { kind?: string; metadata?: { name: string } } }[] };
}

// Does not prove anything about a machine that loses power: the file system keeps what a killed process has written.
describe("A first update that is killed at twenty moments", function () {
  this.timeout(30 * 60_000);
  let engine: Engine;
  let config: string;

  before(async () => {
    await start({ stack: "dev" });
    engine = await ensureEngine();
    config = await writeMachineFile(stack, withOverrides(await readStartedFile("dev"), { namespace }));
  });

  after(async () => {
    await destroy();
    await engine.run(["stack", "rm", "--force", "--yes", "--stack", stack], { cwd: root });
  });

  it("goes on each time where it was, leaves nothing unknown to the state and makes nothing twice", async () => {
    const names = Object.keys(victims) as (keyof typeof victims)[];
    for (const [number, moment] of moments.entries()) {
      const victim = names[number % names.length] ?? "CLI";
      if (await killedUpdate(victim, moment)) continue;
      // Between a step and the kill a busy machine goes on: when nothing is left to do, the update is a first one again.
      await destroy();
      assert(await killedUpdate(victim, moment), `update ${number + 1} had ended when it was to be killed`);
    }
    await prepareStack(engine, { cwd: root, stack });
    await engine.run(["up", "--yes", "--skip-preview", ...common()], { cwd: root });

    const { stdout: plan } = await engine.run(["preview", "--json", ...common()], { cwd: root });
    const { changeSummary } = JSON.parse(plan) as { changeSummary: Record<string, number> };
    assert.deepEqual(Object.keys(changeSummary), ["same"]);

    const { stdout } = await engine.run(["stack", "export", "--stack", stack], { cwd: root });
    const known = (JSON.parse(stdout) as State).deployment.resources.flatMap(({ type, outputs }) =>
      type.startsWith("kubernetes:") && outputs?.metadata ? [`${outputs.kind ?? ""}/${outputs.metadata.name}`] : [],
    );
    assert.equal(new Set(known).size, known.length, "an object is twice in the state");
    const found = (await objects(namespace, kinds)).map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const expected = known.filter((name) => !name.startsWith("Namespace/"));
    assert.deepEqual(found.filter((name) => !ofTheCluster.has(name)).sort(), expected.sort());
    assert.match(await kubectl("get", "namespaces", "-o", "name"), new RegExp(`namespace/${namespace}\n`));
  });

  async function destroy(): Promise<void> {
    await prepareStack(engine, { cwd: root, stack }, { say: () => undefined });
    await engine.run(["destroy", "--yes", ...common()], { cwd: root });
  }

  function common(): string[] {
    return ["--non-interactive", "--stack", stack, "--config-file", config];
  }

  /** Starts an update and kills one of its processes; tells whether the update was still running. */
  async function killedUpdate(victim: keyof typeof victims, moment: Moment): Promise<boolean> {
    await prepareStack(engine, { cwd: root, stack }, { say: () => undefined });
    const child = spawn(engine.command, ["up", "--yes", "--skip-preview", ...common()], {
      cwd: root,
      env: { ...process.env, ...engine.env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const said: string[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (part) => said.push(String(part)));
    const ended = once(child, "close").then(() => false);
    const reached = "steps" in moment ? toldOf(child.stdout, moment.steps) : sleep(moment.milliseconds, true);
    const wasRunning = await Promise.race([reached, ended]);
    if (child.pid !== undefined && wasRunning) await killOne(child.pid, victims[victim]);
    if (await Promise.race([ended, sleep(60_000, true)])) child.kill("SIGKILL");
    await ended;
    assert(wasRunning || child.exitCode === 0, `an update failed by itself:\n${said.join("")}`);
    return wasRunning;
  }
});

/** Waits until an update has told of so many beginnings and ends of changes. */
async function toldOf(output: Readable, steps: number): Promise<true> {
  let told = 0;
  return new Promise((resolve) => {
    createInterface(output).on("line", (line) => {
      if (/ (creating|created|updating|updated) /.test(line) && ++told === steps) resolve(true);
    });
  });
}

/** Kills the first process with this text in its command line, of a process and those that it started. */
async function killOne(parent: number, text: string): Promise<void> {
  for (const pid of await descendants(parent)) {
    if ((await commandOf(pid)).includes(text)) return void process.kill(pid, "SIGKILL");
  }
  process.kill(parent, "SIGKILL");
}
