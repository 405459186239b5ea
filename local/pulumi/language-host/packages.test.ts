import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import { installedPackages, requiredPlugins } from "./packages.ts";

describe("the packages of a program", () => {
  let root: string;
  const write = async (path: string, manifest: object) => {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), JSON.stringify(manifest));
  };

  before(async () => {
    root = await mkdtemp(join(tmpdir(), "packages-"));
    await write("package.json", {
      dependencies: { "@pulumi/random": "*", component: "*" },
      devDependencies: { tool: "*" },
    });
    await write("node_modules/@pulumi/random/package.json", {
      name: "@pulumi/random",
      version: "4.2.0",
      pulumi: { resource: true },
    });
    await write("node_modules/component/package.json", {
      name: "component",
      version: "1.0.0",
      dependencies: { cloud: "*" },
    });
    await write("node_modules/component/node_modules/cloud/package.json", {
      name: "cloud",
      version: "2.0.0",
      dependencies: { component: "*", missing: "*" },
      pulumi: { resource: true, name: "the-cloud", version: "v2.0.1", server: "example" },
    });
    await write("node_modules/tool/package.json", { name: "tool", version: "3.0.0", pulumi: {} });
    await write("node_modules/stranger/package.json", {
      name: "stranger",
      version: "1.0.0",
      pulumi: { resource: true },
    });
    await mkdir(join(root, "stacks"));
  });
  after(() => rm(root, { recursive: true, force: true }));

  it("tell which plugins are needed, however deep they are, and no others", () => {
    const plugins = requiredPlugins(join(root, "stacks"));
    assert.deepEqual(
      plugins.map(({ name, version, server }) => [name, version, server]),
      [
        ["random", "v4.2.0", ""],
        ["the-cloud", "v2.0.1", "example"],
      ],
    );
  });

  it("are listed with what is direct", () => {
    const names = installedPackages(root).map(({ name, direct }) => [name, direct]);
    assert.deepEqual(names, [
      ["@pulumi/random", true],
      ["component", true],
      ["cloud", false],
      ["tool", true],
    ]);
  });

  it("are none where nothing is declared", async () => {
    await write("elsewhere/package.json", {});
    assert.deepEqual(requiredPlugins(join(root, "elsewhere")), []);
  });

  it("say what to do when one of them is broken", async () => {
    await write("broken/package.json", { dependencies: { half: "*" } });
    await mkdir(join(root, "broken/node_modules/half"), { recursive: true });
    await writeFile(join(root, "broken/node_modules/half/package.json"), '{"name": "ha');
    assert.throws(() => requiredPlugins(join(root, "broken")), /half\/package\.json cannot be read: run `npm ci`/);
  });
});
