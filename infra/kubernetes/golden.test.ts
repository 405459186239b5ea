import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { dump } from "js-yaml";

import { record } from "../testing/record.ts";
import { KubernetesSystem } from "./index.ts";
import type { Target } from "./target.ts";
import { worldstoreDev, worldstoreProduction } from "./testing/worldstore.ts";

describe("worldstore", () => {
  for (const [name, target] of [
    ["worldstore-dev", worldstoreDev()],
    ["worldstore-prod", worldstoreProduction()],
  ] as const) {
    it(`has the manifests that were last reviewed: ${name} (UPDATE_GOLDEN=1 takes over new ones)`, async () => {
      const text = await manifestsOf(target);
      const golden = join(import.meta.dirname, `testdata/${name}.yaml`);
      if (process.env["UPDATE_GOLDEN"] === "1") writeFileSync(golden, text);
      assert.equal(text, readFileSync(golden, "utf8"));
    });
  }
});

async function manifestsOf(target: Target): Promise<string> {
  const resources = await record(() => new KubernetesSystem(target.system.name, target, {}));
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .map(({ inputs }) => dump(withoutCiphertext(inputs), { lineWidth: -1, noRefs: true }))
    .join("---\n");
}

/** A manifest with the beginning of each ciphertext only, for a reader's sake. */
function withoutCiphertext(inputs: Record<string, unknown>): Record<string, unknown> {
  const { spec, ...rest } = inputs as { spec?: { encryptedData?: Record<string, string> } };
  if (spec?.encryptedData === undefined) return inputs;
  const encryptedData = Object.fromEntries(
    Object.entries(spec.encryptedData).map(([key, text]) => [key, `${text.slice(0, 12)}...`]),
  );
  return { ...rest, spec: { ...spec, encryptedData } };
}
