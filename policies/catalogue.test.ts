import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { catalogue } from "./catalogue.ts";
import { controlCoverage, requirementCoverage } from "./coverage.ts";

const RULES = join(import.meta.dirname, "rules");

describe("the catalogue of policies", () => {
  it("has each policy once, in the order of the ids", () => {
    const ids = catalogue.map(({ id }) => id);
    assert.deepEqual(ids, [...new Set(ids)].sort());
  });

  it("has one file, one test and examples for each policy, named as Pulumi names it", async () => {
    const files = (await readdir(RULES, { withFileTypes: true })).filter((file) => file.isFile());
    const expected = catalogue.flatMap(({ name }) => [`${name}.examples.ts`, `${name}.test.ts`, `${name}.ts`]);
    assert.deepEqual(files.map(({ name }) => name).sort(), expected.sort());
  });

  it("has a test that names every requirement of its policy", async () => {
    for (const { id, name, requirements } of catalogue) {
      const test = await readFile(join(RULES, `${name}.test.ts`), "utf8");
      assert.deepEqual(
        [id, ...requirements].filter((item) => !test.includes(item)),
        [],
        name,
      );
    }
  });

  it("gives every policy a requirement, a fix as a sentence, and parameters whose defaults fit their schema", () => {
    for (const { id, requirements, remediation, parameters } of catalogue) {
      assert.ok(requirements.length > 0, id);
      assert.match(remediation, /^[A-Z].*[.)]$|:.*\.\.\.$/, id);
      for (const [name, schema] of Object.entries(parameters)) {
        const type = Array.isArray(schema.default) ? "array" : typeof schema.default;
        const declared = schema.type === "integer" && Number.isInteger(schema.default) ? "number" : schema.type;
        assert.equal(type, declared, `${id} ${name}`);
      }
    }
  });

  it("can be read without loading the policy SDK", async () => {
    const files = await readdir(import.meta.dirname, { recursive: true });
    for (const file of files.filter((name) => /^(frame|rules|workloads|catalogue|coverage).*\.ts$/.test(name))) {
      const text = await readFile(join(import.meta.dirname, file), "utf8");
      assert.doesNotMatch(text, /^import (?!type ).*@pulumi\//m, file);
    }
  });
});

describe("the coverage of requirements and controls", () => {
  it("names the policies of each requirement, sorted", () => {
    const names = ["no-host", "pod-hardened", "res-limits", "netpol-default-deny"];
    const coverage = requirementCoverage(catalogue.filter(({ name }) => names.includes(name)));
    assert.deepEqual(coverage["EB-SEC-34"], ["POL-NO-HOST", "POL-POD-HARDENED", "POL-RES-LIMITS"]);
    assert.deepEqual(coverage["WS-SEC-47"], ["POL-NETPOL-DEFAULT-DENY", "POL-POD-HARDENED"]);
    const items = Object.keys(coverage);
    const sorted = items.toSorted((a, b) => a.localeCompare(b, "en", { numeric: true }));
    assert.deepEqual(items, sorted);
    assert.equal(coverage["WS-SEC-99"], undefined);
  });

  it("has all 19 checks of the Pod Security Standards", () => {
    assert.deepEqual(Object.keys(controlCoverage("pss")).sort(), [
      "allowPrivilegeEscalation",
      "appArmorProfile",
      "capabilities_baseline",
      "capabilities_restricted",
      "hostNamespaces",
      "hostPathVolumes",
      "hostPorts",
      "hostProbesAndHostLifecycle",
      "privileged",
      "procMount_baseline",
      "procMount_restricted",
      "restrictedVolumes",
      "runAsNonRoot",
      "runAsUser",
      "seLinuxOptions",
      "seccompProfile_baseline",
      "seccompProfile_restricted",
      "sysctls",
      "windowsHostProcess",
    ]);
  });
});
