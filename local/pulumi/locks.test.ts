import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";

import { releaseStaleLocks } from "./locks.ts";

describe("the locks of a stack", () => {
  let directory: string;
  let said: string[];
  const lock = (name: string, content: unknown) =>
    writeFile(join(directory, name), typeof content === "string" ? content : JSON.stringify(content));
  const holder = { pid: 1, username: "ada", hostname: hostname(), timestamp: "2026-01-02T03:04:05Z" };
  const release = () => releaseStaleLocks(directory, "shop/dev", (line) => said.push(line));

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "locks-"));
    said = [];
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("are none when there is no folder", async () => {
    await releaseStaleLocks(join(directory, "nothing"), "shop/dev", assert.fail);
  });

  it("are given back for a process that is dead", async () => {
    const child = spawn(process.execPath, ["-e", ""]);
    await once(child, "exit");
    await lock("a.json", { ...holder, pid: child.pid });
    await release();
    assert.deepEqual(await readdir(directory), []);
    assert.match(said.join(), new RegExp(`^shop/dev: removed the lock of process ${child.pid}, .*2026-01-02`));
  });

  it("are given back when the number now belongs to another program", async () => {
    await lock("a.json", { ...holder, pid: process.pid });
    await release();
    assert.deepEqual(await readdir(directory), []);
  });

  it("are given back when the file was cut off", async () => {
    await lock("a.json", '{"pid":');
    await release();
    assert.deepEqual(await readdir(directory), []);
  });

  it("stay with a process on another machine, which is named", async () => {
    await lock("a.json", { ...holder, hostname: "elsewhere" });
    await assert.rejects(release(), (error: Error) => {
      assert.match(error.message, /^shop\/dev: is being changed by process 1 of ada on elsewhere since 2026-01-02/);
      assert.match(error.message, /`npm run pulumi -- cancel` gives the stack back/);
      return true;
    });
    assert.deepEqual(await readdir(directory), ["a.json"]);
  });
});
