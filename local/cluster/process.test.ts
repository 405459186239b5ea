import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { connect, createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";

import { UserError } from "../../infra/errors.ts";
import { identify, isAlive } from "./identity.ts";
import {
  componentState,
  ensureRunning,
  isHealthy,
  logFile,
  runningProcess,
  stopComponent,
  type Component,
} from "./process.ts";
import { clusterPath } from "./settings.ts";

const listening = `require("node:net").createServer().listen(Number(process.argv[1]), "127.0.0.1"); console.log("started");`;

describe("a component's process", function () {
  this.timeout(30_000);
  const earlier = process.env["AGENT_COMMERCE_CACHE"];
  let folder: string;
  let component: Component;

  before(async function () {
    if (process.platform !== "linux") {
      console.log("    skipped: only Linux has /proc");
      this.skip();
    }
    folder = await mkdtemp(join(tmpdir(), "process-"));
    process.env["AGENT_COMMERCE_CACHE"] = folder;
    const port = await freePort();
    component = {
      name: "listener",
      command: process.execPath,
      args: ["-e", listening, String(port)],
      files: { [clusterPath("config", "listener.json")]: "{}" },
      listens: [{ host: "127.0.0.1", port }],
      ready: () => answers(port),
    };
  });

  afterEach(() => stopComponent("listener"));

  after(async () => {
    if (earlier === undefined) delete process.env["AGENT_COMMERCE_CACHE"];
    else process.env["AGENT_COMMERCE_CACHE"] = earlier;
    if (folder) await rm(folder, { recursive: true });
  });

  it("is started once, with its files and its log readable by their owner only", async () => {
    assert.equal(await ensureRunning(component), true);
    const first = await runningProcess("listener");
    assert.equal(await ensureRunning(component), false);
    assert.deepEqual(await runningProcess("listener"), first);
    assert.equal(await isHealthy(component), true);
    assert.match(await readFile(logFile("listener"), "utf8"), /started/);
    for (const file of [logFile("listener"), clusterPath("config", "listener.json")]) {
      assert.equal((await stat(file)).mode & 0o777, 0o600, file);
    }
  });

  it("is started again after it was killed", async () => {
    await ensureRunning(component);
    const first = await runningProcess("listener");
    process.kill(first!.pid, "SIGKILL");
    while (await isAlive(first!)) await setTimeout(10);
    assert.equal(await ensureRunning(component), true);
    assert.notEqual((await runningProcess("listener"))?.pid, first!.pid);
  });

  it("is replaced when its configuration changes", async () => {
    await ensureRunning(component);
    const changed = { ...component, files: { [clusterPath("config", "listener.json")]: '{"a":1}' } };
    assert.equal(await componentState(changed), "outdated");
    assert.equal(await ensureRunning(changed), true);
    assert.equal(await componentState(changed), "running");
  });

  it("is found again by its environment when its pid file was never written", async () => {
    await ensureRunning(component);
    const first = await runningProcess("listener");
    await rm(clusterPath("run", "listener.pid"));
    assert.equal(await ensureRunning(component), true);
    assert.equal(await isAlive(first!), false);
  });

  it("is not mistaken for a process that got its number later, and that one is left alone", async () => {
    await ensureRunning(component);
    await stopComponent("listener");
    const self = (await identify(process.pid))!;
    const stale = { ...self, startTicks: "1", fingerprint: "" };
    await writeFile(clusterPath("run", "listener.pid"), JSON.stringify(stale));
    assert.equal(await runningProcess("listener"), undefined);
    await stopComponent("listener");
    assert.equal(await ensureRunning(component), true);
  });

  it("does not start beside a foreign program on its port, and says which", async () => {
    const foreign = createServer();
    await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    const { port } = foreign.address() as AddressInfo;
    const blocked = { ...component, listens: [{ host: "127.0.0.1", port }], ready: () => Promise.resolve(false) };
    try {
      await assert.rejects(ensureRunning(blocked), (error: Error) => {
        assert.ok(error instanceof UserError);
        assert.match(error.message, new RegExp(`listener needs this port and process ${process.pid} `));
        return true;
      });
    } finally {
      await new Promise((resolve) => foreign.close(resolve));
    }
  });

  it("is reported with the end of its log when it ends at once", async () => {
    const failing = { ...component, args: ["-e", `console.error("no such store"); process.exit(3)`] };
    await assert.rejects(ensureRunning(failing), /listener: ended right after its start; [^]*\n {2}no such store/);
  });

  it("has a log that is put aside when it has grown too large", async () => {
    await ensureRunning(component);
    await stopComponent("listener");
    await writeFile(logFile("listener"), Buffer.alloc(9 * 1024 * 1024, "x"));
    await ensureRunning(component);
    assert.ok((await stat(logFile("listener"))).size < 1024);
    assert.ok((await stat(`${logFile("listener")}.1`)).size > 8 * 1024 * 1024);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
