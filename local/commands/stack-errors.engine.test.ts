import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ensureEngine } from "../pulumi/index.ts";
import { copyCheckout, type Checkout } from "./testing/checkout.ts";
import { assertRefused, itRefuses } from "./testing/refusal.ts";

describe("A stack that exists", () => {
  let checkout: Checkout;
  const theCheckout = () => checkout;

  before(async function () {
    this.timeout(20 * 60_000);
    await ensureEngine();
    checkout = await copyCheckout();
  });
  after(() => checkout.remove());

  const program = `
  import { setTimeout as sleep } from "node:timers/promises";
  import { secret } from "@pulumi/pulumi";
  export default async () => {
    await sleep(Number(process.env.HOLD_MILLISECONDS ?? 0));
    return { password: secret("open sesame") };
  };`;
  const inOther = (args: string) => ({ command: `pulumi ${args} --stack dev --cwd other --non-interactive` });

  before(async () => {
    const manifest = { name: "agent-commerce", runtime: { name: "nodejs", options: { typescript: false } } };
    await checkout.write("other/Pulumi.yaml", JSON.stringify(manifest));
    await checkout.write("other/package.json", JSON.stringify({ type: "module", main: "index.js" }));
    await checkout.write("other/index.js", program);
    assert.equal((await checkout.invoke(inOther("stack init --no-select"))).code, 0);
    assert.equal((await checkout.invoke(inOther("up --yes --skip-preview"))).code, 0);
    const { stdout } = await checkout.invoke({ command: "outputs --show-secrets" });
    assert.match(stdout, /password +open sesame/);
  });

  describe("with another passphrase", () => {
    const says = [
      /^(dev|pulumi stack output): the passphrase is not the one this stack's secrets were encrypted with; set PULUMI_CONFIG_PASSPHRASE \(or PULUMI_CONFIG_PASSPHRASE_FILE\) to that one, or unset it/,
    ];
    const env = () => ({ PULUMI_CONFIG_PASSPHRASE: "wrong" });
    itRefuses(theCheckout, [
      { command: "outputs --show-secrets", env, what: "to show secrets", says },
      { command: "preview", env, what: "to plan", says },
      { command: "refresh", env, what: "to compare", says },
      { command: "down", env, what: "to delete", says },
      {
        command: "outputs --show-secrets",
        env: () => ({ PULUMI_CONFIG_PASSPHRASE_FILE: "/nonexistent" }),
        what: "a file of the passphrase that does not exist",
        says: [
          /^pulumi stack output: the file that PULUMI_CONFIG_PASSPHRASE_FILE names cannot be read; set it to one that can, or unset it/,
        ],
      },
    ]);

    it("is used again with the right one afterwards", async () => {
      const { code, stdout } = await checkout.invoke({ command: "refresh" });
      assert.equal(code, 0);
      assert.match(stdout, /^dev: 1 resources are as recorded/);
    });
  });

  describe("while another process changes it", () => {
    const holder =
      "is being changed by process \\d+ of \\S+ on \\S+ since \\S+?( \\(`pulumi up .*`\\))?\\. Wait until it has ended, or end that process, and run the same command again\\.$";
    let pid = 0;
    let held: Promise<unknown>;

    before(async () => {
      held = checkout.invoke({ ...inOther("up --yes --skip-preview"), env: () => ({ HOLD_MILLISECONDS: "300000" }) });
      pid = await untilLocked(join(checkout.cache, "pulumi", "state", ".pulumi", "locks"));
    });
    after(() => {
      if (existsSync(`/proc/${pid}`)) process.kill(pid, "SIGKILL");
    });

    const says = [new RegExp(`^agent-commerce/dev: ${holder}`)];
    itRefuses(theCheckout, [
      { command: "refresh", what: "to compare", says },
      { command: "down", what: "to delete", says },
    ]);

    it("refuses an update that comes between the check for a holder and the engine's own", async () => {
      const file = (...parts: string[]) => JSON.stringify(join(checkout.directory, "local", ...parts));
      await checkout.write(
        "local/commands/race.ts",
        `import { runCommand } from ${file("command-line.ts")};
       import { operate } from ${file("deploy", "operation.ts")};
       import { ensureEngine } from ${file("pulumi", "index.ts")};
       const config = ${JSON.stringify(join(checkout.cache, "stacks", "dev.yaml"))};
       const up = { command: "up", title: "updating dev", stack: "dev", config, args: ["--yes", "--skip-preview"] } as const;
       await runCommand(async () => void (await operate(await ensureEngine(), up)));`,
      );
      assertRefused(await checkout.invoke({ command: "race" }), [new RegExp(`^dev: ${holder}`)]);
    });

    it("goes on when that process is gone", async () => {
      process.kill(pid, "SIGKILL");
      await held;
      const { code, stderr } = await checkout.invoke({ command: "refresh" });
      assert.equal(code, 0);
      assert.match(stderr, new RegExp(`removed the lock of process ${pid}, which ended without giving it back`));
    });
  });

  describe("whose state is damaged, and every copy of it", () => {
    const says = [
      /dev\.json: the state of agent-commerce\/dev is damaged and no earlier copy can be read\. The file is left as it is: put a backup of yours in its place, or move it away and/,
    ];
    before(async () => {
      const state = join(checkout.cache, "pulumi", "state", ".pulumi");
      for (const name of await readdir(state, { recursive: true })) {
        if (/\.json(\.bak)?$/.test(name) && !name.startsWith("locks"))
          await writeFile(join(state, name), '{"version":');
      }
    });
    itRefuses(theCheckout, [
      ...["outputs", "preview", "refresh", "down"].map((command) => ({ command, what: `${command}`, says })),
    ]);
  });
});

/** Waits until a stack is locked. @returns the process that holds it */
async function untilLocked(locks: string): Promise<number> {
  for (let tries = 0; tries < 300; tries++) {
    for (const name of await readdir(locks, { recursive: true })) {
      const pid = /"pid":(\d+)/.exec(name.endsWith(".json") ? await readFile(join(locks, name), "utf8") : "")?.[1];
      if (pid !== undefined) return Number(pid);
    }
    await sleep(100);
  }
  return assert.fail("the stack was never locked");
}
