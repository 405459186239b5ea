import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once as event } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { contentKey, once, withLock } from "./cache.ts";

describe("The cache", () => {
  let directory: string;
  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), "cache-test-"))));
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("keys content by its parts, not by their concatenation", () => {
    assert.match(contentKey("a", "b"), /^[0-9a-f]{12}$/);
    assert.notEqual(contentKey("a", "b"), contentKey("ab"));
    assert.notEqual(contentKey("a", "b"), contentKey("b", "a"));
  });

  it("builds a folder once when several ask at once", async () => {
    const target = join(directory, "built");
    let builds = 0;
    const build = async (temporary: string) => writeFile(join(temporary, "result"), String(++builds));
    await Promise.all(Array.from({ length: 5 }, () => once(target, build)));
    assert.equal(builds, 1);
    assert.equal(await readFile(join(target, "result"), "utf8"), "1");
    assert.deepEqual(await readdir(directory), ["built"]);
  });

  it("leaves nothing that looks finished when a build fails", async () => {
    const target = join(directory, "built");
    await assert.rejects(
      once(target, async (temporary) => {
        await writeFile(join(temporary, "half"), "");
        throw new Error("broken");
      }),
      /broken/,
    );
    assert.deepEqual(await readdir(directory), []);
  });

  it("removes what a killed build left behind", async () => {
    const target = join(directory, "built");
    await mkdir(`${target}.tmp`);
    await writeFile(join(`${target}.tmp`, "half"), "");
    await once(target, async (temporary) => writeFile(join(temporary, "result"), ""));
    assert.deepEqual(await readdir(target), ["result"]);
  });

  it("lets one process at a time work", async () => {
    const lock = join(directory, "lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    await Promise.all(Array.from({ length: 4 }, () => withLock(lock, work)));
    assert.equal(most, 1);
    assert.deepEqual(await readdir(directory), []);
  });

  it("takes over the lock of a process that was killed, and says whom it waits for while it lives", async () => {
    const lock = join(directory, "lock");
    const module = join(import.meta.dirname, "bootstrap", "lock.mjs");
    const source = `import { withLock } from ${JSON.stringify(module)};
      await withLock(process.argv[1], () => { console.log("held"); return new Promise(() => setInterval(() => {}, 1000)); });`;
    const holder = spawn(process.execPath, ["--input-type=module", "-e", source, lock]);
    await event(holder.stdout, "data");
    const owners: number[] = [];
    let worked = false;
    const waiting = withLock(
      lock,
      async () => void (worked = true),
      (owner) => {
        owners.push(owner);
        assert.equal(worked, false);
        holder.kill("SIGKILL");
      },
    );
    await waiting;
    assert.deepEqual(owners, [holder.pid]);
    assert.equal(worked, true);
    assert.equal(existsSync(lock), false);
  });

  it("takes over a lock whose process id now belongs to another process", async () => {
    const lock = join(directory, "lock");
    await writeFile(lock, `${process.pid} 1 00000000\n`);
    assert.equal(await withLock(lock, async () => "worked"), "worked");
  });

  it("takes over a lock file that is empty", async () => {
    const lock = join(directory, "lock");
    await writeFile(lock, "");
    assert.equal(await withLock(lock, async () => "worked"), "worked");
  });
});
