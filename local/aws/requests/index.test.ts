import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { creations } from "./index.ts";

const folder = join(import.meta.dirname, "..", "..", "..", "infra", "aws");

describe("the table of requests", () => {
  it("says how to create every type of AWS resource that infra imports, and no other", () => {
    const imported = readdirSync(folder)
      .filter((name) => name.endsWith(".ts"))
      .flatMap((name) => [
        ...readFileSync(join(folder, name), "utf8").matchAll(/"@pulumi\/aws\/(?!types\/)(\w+\/\w+)\.js"/g),
      ])
      .map(([, path = ""]) => {
        const type = path.split("/").at(-1) ?? "";
        return `aws:${path}:${type.charAt(0).toUpperCase()}${type.slice(1)}`;
      });
    assert.deepEqual(Object.keys(creations).sort(), [...new Set(imported)].sort());
  });
});
