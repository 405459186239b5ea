import assert from "node:assert/strict";
import { chmod, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { findCli, type Cli } from "./engine.ts";
import { fillHome, hasOfficialPlugins } from "./home.ts";
import { ensureEngine } from "./index.ts";

describe("the Pulumi CLI", () => {
  const path = process.env["PATH"];
  let directory: string;
  const onPath = async (script: string) => {
    await writeFile(join(directory, "pulumi"), `#!/bin/sh\n${script}\n`);
    await chmod(join(directory, "pulumi"), 0o755);
    process.env["PATH"] = `${directory}:${path}`;
  };

  beforeEach(async () => (directory = await mkdtemp(join(tmpdir(), "cli-"))));
  afterEach(async () => {
    process.env["PATH"] = path;
    await rm(directory, { recursive: true, force: true });
  });

  it("is the one on PATH when it fits", async () => {
    await onPath("echo v3.229.0");
    assert.deepEqual(await findCli(), { command: join(directory, "pulumi"), origin: "path" });
  });

  for (const [what, script] of [
    ["is too old", "echo v3.228.9"],
    ["is of a version to come", "echo v4.0.0"],
    ["does not work", "echo v3.300.0; exit 1"],
  ] as const) {
    it(`is built when the one on PATH ${what}`, async () => {
      await onPath(script);
      const { command, origin } = await findCli();
      assert.equal(origin, "built");
      assert.notEqual(command, join(directory, "pulumi"));
    });
  }

  it("finds the language host beside it and the plugins in its home, without a word on PATH", async () => {
    const home = join(directory, "home");
    const { command } = await findCli();
    await fillHome({ command, origin: "built" }, home);
    assert.deepEqual((await readdir(join(home, "bin"))).sort(), ["pulumi", "pulumi-language-nodejs"]);
    const plugins = (await readdir(join(home, "plugins"))).sort();
    assert.equal(plugins.length, 3);
    for (const [index, name] of ["aws", "kubernetes", "random"].entries()) {
      const manifest = JSON.parse(await readFile(`node_modules/@pulumi/${name}/package.json`, "utf8")) as {
        version: string;
      };
      assert.equal(plugins[index], `resource-${name}-v${manifest.version}`);
    }
  });

  it("has launchers that follow the checkout and Node, and are left alone otherwise", async () => {
    const home = join(directory, "home");
    const { command } = await findCli();
    await fillHome({ command, origin: "built" }, home);
    const launcher = join(home, "bin", "pulumi-language-nodejs");
    const [written, text] = [await stat(launcher), await readFile(launcher, "utf8")];
    assert.ok(text.includes(process.execPath));
    await fillHome({ command, origin: "built" }, home);
    assert.equal((await stat(launcher)).ino, written.ino);
    await writeFile(launcher, "#!/bin/sh\nexec /gone/node /gone/main.ts\n");
    await fillHome({ command, origin: "built" }, home);
    assert.equal(await readFile(launcher, "utf8"), text);
    assert.equal((await stat(launcher)).mode & 0o111, 0o111);
  });
});

describe("Pulumi's own plugins", () => {
  const cache = process.env["AGENT_COMMERCE_CACHE"];
  const home = process.env["PULUMI_HOME"];
  let directory: string;
  let cli: Cli;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "official-"));
    process.env["AGENT_COMMERCE_CACHE"] = join(directory, "cache");
    process.env["PULUMI_HOME"] = join(directory, "home");
    cli = { command: join(directory, "pulumi"), origin: "path" };
  });
  afterEach(async () => {
    setOrUnset("AGENT_COMMERCE_CACHE", cache);
    setOrUnset("PULUMI_HOME", home);
    await rm(directory, { recursive: true, force: true });
  });
  const cliThat = async (ending: string) => {
    await writeFile(cli.command, `#!/bin/sh\necho "$@" >>${directory}/asked\n${ending}\n`);
    await chmod(cli.command, 0o755);
  };
  const asked = async () => (await readFile(join(directory, "asked"), "utf8")).trim().split("\n");

  it("are downloaded by a CLI of the user's own", async () => {
    await cliThat("exit 0");
    assert.equal(await hasOfficialPlugins(cli), true);
    assert.deepEqual(
      (await asked()).map((line) => line.split(" ").slice(0, 4).join(" ")),
      ["kubernetes", "random", "aws"].map((name) => `plugin install resource ${name}`),
    );
  });

  it("are not asked for again within the hour when they cannot be had", async () => {
    await cliThat("exit 1");
    assert.equal(await hasOfficialPlugins(cli), false);
    assert.equal(await hasOfficialPlugins(cli), false);
    assert.equal((await asked()).length, 1);
  });

  it("are never mixed with the CLI built here", async () => {
    assert.equal(await hasOfficialPlugins({ ...cli, origin: "built" }), false);
  });
});

function setOrUnset(name: string, value: string | undefined): void {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

describe("the engine", () => {
  it("keeps its passphrase from others and its home from the user's", async () => {
    const { env } = await ensureEngine();
    const file = env["PULUMI_CONFIG_PASSPHRASE_FILE"] ?? "";
    assert.equal((await stat(file)).mode & 0o777, 0o600);
    assert.equal((await readFile(file)).length, 43);
    assert.equal((await ensureEngine()).env["PULUMI_CONFIG_PASSPHRASE_FILE"], file);
    assert.doesNotMatch(JSON.stringify(env), new RegExp(await readFile(file, "utf8")));
  });
});
