import assert from "node:assert/strict";

import { run } from "../local/run.ts";
import { figuresText } from "./index.ts";
import { compared, limited, race, summarise } from "./measure.ts";
import { memoryOf } from "./memory.ts";

describe("A measurement", () => {
  it("has the median and the least of its runs", () => {
    assert.deepEqual(summarise([5, 1, 3]), { median: 3, min: 1 });
    assert.deepEqual(summarise([4, 1, 3, 2]), { median: 2.5, min: 1 });
  });

  it("runs works in turns and leaves out the first round", async () => {
    const order: string[] = [];
    const times = await race({ a: async () => order.push("a"), b: async () => order.push("b") }, 2);
    assert.equal(order.join(""), "ababab");
    assert.ok(times.a.median >= times.a.min && times.b.min >= 0);
  });

  it("is shown with its floor, ratio and aim", () => {
    const slow = compared("slow", { median: 3000, min: 2900 }, "floor", { median: 1000, min: 900 }, 2);
    assert.equal(slow.floor?.ratio, 3);
    assert.match(
      figuresText([slow]),
      /slow +3\.00 s \(least 2\.90 s\) +1\.00 s \(least 0\.90 s\), floor +3\.00 +at most 2\.0 \(missed\)/,
    );
    assert.match(figuresText([{ ...slow, aim: 3 }]), /at most 3\.0$/m);
    assert.match(figuresText([{ ...slow, aim: 3.15 }]), /at most 3\.15$/m);
  });

  it("of a limit is shown with it", () => {
    assert.match(
      figuresText([limited("rule", 0.012, 0.03)]),
      /rule +0\.012 ms +0\.030 ms, the limit +0\.40 +at most 1\.0$/m,
    );
    assert.match(
      figuresText([limited("stack", 1200, 1000)]),
      /stack +1\.20 s +1\.00 s, the limit +1\.20 +at most 1\.0 \(missed\)/,
    );
  });

  it("of memory finds the processes of a preview among the descendants", async function () {
    if (process.platform !== "linux") {
      console.log("      skipped: /proc is there on Linux only");
      this.skip();
    }
    const code = "setTimeout(() => {}, 1000)";
    const figures = await memoryOf(() => run(process.execPath, ["-e", code, "cmd/run-policy-pack"]));
    const found = figures.find(({ name }) => name === "memory of policy pack");
    assert.ok(Number.parseInt(found?.value ?? "") > 20, JSON.stringify(figures));
  });
});
