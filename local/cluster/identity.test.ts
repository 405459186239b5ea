import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";

import { identify, isAlive, startTicksOf } from "./identity.ts";

const stat = (name: string, state: string) =>
  `42 (${name}) ${state} 1 42 42 0 -1 4194560 1 0 0 0 0 0 0 0 20 0 1 0 987654 1000 100 18446744073709551615`;

describe("the identity of a process", () => {
  it("holds the start time, whatever the command's name is made of", () => {
    assert.equal(startTicksOf(stat("etcd", "S")), "987654");
    assert.equal(startTicksOf(stat("a) S 1 (b", "R")), "987654");
  });

  it("does not exist for a process that has ended and waits to be collected", () => {
    assert.equal(startTicksOf(stat("etcd", "Z")), undefined);
  });

  describe("on this machine", () => {
    before(function () {
      if (process.platform !== "linux") {
        console.log("    skipped: only Linux has /proc");
        this.skip();
      }
    });

    it("is alive while the process runs and dead afterwards", async () => {
      const child = spawn("sleep", ["60"]);
      await once(child, "spawn");
      const identity = await identify(child.pid!);
      assert.ok(identity);
      assert.equal(await isAlive(identity), true);
      child.kill("SIGKILL");
      await once(child, "exit");
      assert.equal(await isAlive(identity), false);
    });

    it("is not that of another process with the same number", async () => {
      const self = await identify(process.pid);
      assert.ok(self);
      assert.equal(await isAlive(self), true);
      assert.equal(await isAlive({ ...self, startTicks: `${Number(self.startTicks) - 1}` }), false);
      assert.equal(await isAlive({ ...self, boot: "00000000-0000-0000-0000-000000000000" }), false);
    });
  });
});
