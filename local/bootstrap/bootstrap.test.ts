import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { Failure, npmFailure } from "./failure.mjs";
import { satisfies, supportedNode } from "./node.mjs";

const here = import.meta.dirname;

interface Ended {
  code: number | null;
  signal: string | null;
  output: string;
}

async function ended(child: ReturnType<typeof spawn>): Promise<Ended> {
  let output = "";
  child.stdout?.on("data", (chunk) => (output += String(chunk)));
  child.stderr?.on("data", (chunk) => (output += String(chunk)));
  const [code, signal] = (await once(child, "close")) as [number | null, string | null];
  return { code, signal, output };
}

describe("The choice of Node", () => {
  for (const [version, range, fits] of [
    ["v22.19.0", ">=22.19", true],
    ["v22.18.9", ">=22.19", false],
    ["v24.0.0", ">=22.19", true],
    ["v20.99.0", ">=22.19", false],
    ["v22.19.1", ">=22.19.2", false],
    ["v22.19.2", ">=22.19.2", true],
    ["v9.0.0", ">=22", false],
  ] as const) {
    it(`says that ${version} ${fits ? "fits" : "does not fit"} ${range}`, () => {
      assert.equal(satisfies(version, range), fits);
    });
  }

  it("refuses a range it does not understand", () => {
    assert.throws(() => satisfies("v24.0.0", "^22 || 24"), /engines\.node is "\^22 \|\| 24"; write it like/);
  });

  it("takes the one that runs when it is new enough", async () => {
    assert.equal(await supportedNode(">=22.19"), process.execPath);
  });

  for (const platform of ["darwin-arm64", "win32-x64"]) {
    it(`says on ${platform} what works there when Node is too old`, async () => {
      const current = { version: "v20.20.2", path: "node" };
      await assert.rejects(supportedNode(">=22.19", { current, platform }), (error: Error) => {
        assert.ok(error instanceof Failure);
        assert.match(error.message, new RegExp(`^Node 22.19 or newer is needed and this is v20.20.2 on ${platform}`));
        assert.match(error.message, /--context NAME/);
        return true;
      });
    });
  }
});

describe("A failure of npm", () => {
  for (const [output, sentence] of [
    [
      "npm error code ENOSPC\nnpm error nospc no space left on device",
      /because the disk is full\. Free at least 2 GB at \/x/,
    ],
    ["npm error code EACCES\nnpm error syscall mkdir", /because \/x cannot be written/],
    ["npm error code ENOTFOUND\nnpm error network request failed", /because the npm registry cannot be reached/],
    ["npm error code E404\nnpm error 404 Not Found", /because the npm registry refuses a package/],
    ["npm error code EINTEGRITY", /because a package is not the one that package-lock.json names/],
    ["something new", /failed; npm says:\n {2}something new$/],
  ] as const) {
    it(`is told as a sentence: ${output.split("\n")[0]}`, () => {
      assert.match(npmFailure("installing npm packages", output, "/x").message, sentence);
    });
  }
});

describe("The installation of npm packages", function () {
  this.timeout(120_000);
  let directory: string;
  let checkout: string;
  const environment = () => ({ ...process.env, AGENT_COMMERCE_CACHE: join(directory, "cache"), npm_execpath: "" });

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "bootstrap-test-"));
    const dependency = join(directory, "dependency");
    await mkdir(dependency);
    for (const version of ["1.0.0", "2.0.0"]) {
      await writeFile(join(dependency, "package.json"), JSON.stringify({ name: "dependency", version }));
      spawnSync("npm", ["pack", "--pack-destination", directory], { cwd: dependency });
    }
    checkout = join(directory, "checkout");
    await mkdir(checkout);
    const manifest = {
      name: "checkout",
      version: "1.0.0",
      dependencies: { dependency: "file:../dependency-1.0.0.tgz" },
    };
    await writeFile(join(checkout, "package.json"), JSON.stringify(manifest));
    const { status } = spawnSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], { cwd: checkout });
    assert.equal(status, 0);
  });
  beforeEach(() => rm(join(checkout, "node_modules"), { recursive: true, force: true }));
  after(() => rm(directory, { recursive: true, force: true }));

  function install(root = checkout, environmentOf = environment()) {
    const module = JSON.stringify(join(here, "dependencies.mjs"));
    const source = `import { ensureDependencies } from ${module};
      try { await ensureDependencies(process.argv[1], process.execPath); }
      catch (error) { console.log(error.message); process.exitCode = 1; }`;
    return spawn(process.execPath, ["--input-type=module", "-e", source, root], { env: environmentOf });
  }
  const installed = () => join(checkout, "node_modules", "dependency", "package.json");

  it("happens once and is quiet when everything is there", async () => {
    const first = await ended(install());
    assert.equal(first.code, 0, first.output);
    assert.match(first.output, /installing npm packages/);
    const before = await stat(installed());
    const second = await ended(install());
    assert.equal(second.output, "");
    assert.equal((await stat(installed())).mtimeMs, before.mtimeMs);
  });

  it("happens once when two start at the same time, and the second says for whom it waits", async () => {
    const both = await Promise.all([ended(install()), ended(install())]);
    assert.deepEqual(
      both.map(({ code }) => code),
      [0, 0],
    );
    const output = both.map((one) => one.output).join("");
    assert.equal(output.match(/ok {2}installing npm packages/g)?.length, 1, output);
    assert.match(output, /waiting for process \d+, which installs npm packages/);
  });

  it("happens again when it was killed in the middle", async () => {
    for (const milliseconds of [100, 300, 500]) {
      const child = install();
      setTimeout(() => child.kill("SIGKILL"), milliseconds);
      await ended(child);
      const { code, output } = await ended(install());
      assert.equal(code, 0, output);
      assert.ok(existsSync(installed()));
      await rm(join(checkout, "node_modules"), { recursive: true });
    }
  });

  it("happens again when the lock file changed", async () => {
    await ended(install());
    const changed = join(directory, "changed");
    await cp(checkout, changed, { recursive: true });
    const lock = await readFile(join(changed, "package-lock.json"), "utf8");
    await writeFile(
      join(changed, "package-lock.json"),
      lock.replace('"version": "1.0.0",\n  "lock', '"version": "1.0.1",\n  "lock'),
    );
    const same = await ended(install(changed));
    assert.equal(same.output, "", "a change that concerns no package needs no installation");
    await writeFile(
      join(changed, "package-lock.json"),
      lock.replace(/"integrity": "sha512-.{8}/, '"integrity": "sha512-AAAAAAAA'),
    );
    const { code, output } = await ended(install(changed));
    assert.equal(code, 1);
    assert.match(output, /a package is not the one that package-lock\.json names/);
  });

  it("accepts what npm itself installed", async () => {
    spawnSync("npm", ["ci", "--ignore-scripts"], { cwd: checkout });
    assert.equal((await ended(install())).output, "");
    assert.ok((await readdir(join(checkout, "node_modules"))).includes(".installed"));
  });

  it("says that package.json and package-lock.json do not agree", async () => {
    const other = join(directory, "other");
    await mkdir(other);
    await cp(join(checkout, "package-lock.json"), join(other, "package-lock.json"));
    const dependencies = { dependency: "file:../dependency-2.0.0.tgz" };
    await writeFile(join(other, "package.json"), JSON.stringify({ name: "other", dependencies }));
    const { code, output } = await ended(install(other));
    assert.equal(code, 1);
    assert.match(output, /package\.json and package-lock\.json do not agree\. Run `npm install --ignore-scripts`/);
  });

  it("says that no registry can be reached", async () => {
    const offline = join(directory, "offline");
    await mkdir(offline);
    const packages = { "": { dependencies: { absent: "1.0.0" } }, "node_modules/absent": { version: "1.0.0" } };
    await writeFile(join(offline, "package.json"), JSON.stringify({ dependencies: { absent: "1.0.0" } }));
    await writeFile(
      join(offline, "package-lock.json"),
      JSON.stringify({ lockfileVersion: 3, requires: true, packages }),
    );
    await writeFile(join(offline, ".npmrc"), "registry=http://127.0.0.1:9/\nfetch-retries=0\n");
    const { code, output } = await ended(install(offline));
    assert.equal(code, 1);
    assert.match(output, /the npm registry cannot be reached\. Check the network/);
  });

  it("says that the disk is full", async function () {
    if (process.platform !== "linux" || process.getuid?.() !== 0) {
      console.log("      skipped: mounting a small disk needs root on Linux");
      this.skip();
    }
    const small = join(directory, "small");
    await mkdir(small);
    assert.equal(spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "none", small]).status, 0);
    try {
      for (const name of ["package.json", "package-lock.json"]) await cp(join(checkout, name), join(small, name));
      spawnSync("dd", ["if=/dev/zero", `of=${join(small, "ballast")}`]);
      const { code, output } = await ended(install(small));
      assert.equal(code, 1);
      assert.match(output, /because the disk is full\. Free at least 2 GB/);
    } finally {
      spawnSync("umount", [small]);
    }
  });
});

describe("The start of a command", function () {
  this.timeout(60_000);
  const script = join(here, "run.mjs");

  it("says which commands there are when it does not know one", async () => {
    for (const wrong of ["bake", "../testing/files", ""]) {
      const { code, output } = await ended(spawn(process.execPath, [script, wrong]));
      assert.equal(code, 1);
      assert.match(
        output,
        new RegExp(`^there is no command "${wrong}"; the commands are [a-z, -]*test[a-z, -]*\\.\n$`),
      );
    }
  });

  it("passes on arguments, output and exit code", async () => {
    const { code, output } = await ended(spawn(process.execPath, [script, "test", "no-such-group"]));
    assert.equal(code, 1);
    assert.match(output, /^no-such-group: there is no such group/);
  });
});
