import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "mocha";

import { createProbeMetrics } from "./metrics.ts";
import { readSpecification } from "./specification.ts";
import { inspectVariables } from "./variables.ts";

describe("the probe's specification", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "probe-"));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });
  const read = (content: string) => {
    const file = join(directory, "specification.json");
    writeFileSync(file, content);
    return readSpecification(file);
  };

  it("fills in what it does not say", () => {
    assert.deepEqual(read('{"service":"api"}'), {
      service: "api",
      run: "service",
      ports: [],
      health: [],
      metrics: null,
      variables: [],
      secrets: [],
      stores: [],
      volumes: [],
    });
  });

  const wrong: [content: string, reason: RegExp][] = [
    ["{", /it is not JSON/],
    ["{}", /service: /],
    ['{"service":"a","prots":[]}', /prots/],
    ['{"service":"a","ports":[{"name":"x","port":0}]}', /ports\.0\.port: /],
    ['{"service":"a","stores":[{"name":"x","engine":"mysql","urlVariable":"U"}]}', /stores\.0\.engine: /],
    ['{"service":"a","variables":["A B"],"secrets":["1"]}', /variables\.0: must be the name.*; secrets\.0: must be/],
    [
      '{"service":"a","health":[{"path":"/h","port":"http"}]}',
      /asks for \/h on port http, which is none of its http ports/,
    ],
    [
      '{"service":"a","ports":[{"name":"t","port":9,"protocol":"tcp"}],"metrics":{"path":"/m","port":"t"}}',
      /asks for \/m on port t/,
    ],
  ];
  for (const [content, reason] of wrong) {
    it(`is refused: ${content}`, () => assert.throws(() => read(content), reason));
  }

  it("names the file that is not there", () => {
    assert.throws(
      () => readSpecification("/nonexistent.json"),
      /\/nonexistent\.json cannot be read .*PROBE_SPECIFICATION/,
    );
  });
});

describe("the probe's look at variables", () => {
  it("finds what is missing, empty or in the wrong place", () => {
    const directory = mkdtempSync(join(tmpdir(), "probe-"));
    writeFileSync(join(directory, "GOOD"), "value\n");
    writeFileSync(join(directory, "EMPTY"), "\n");
    writeFileSync(join(directory, "LEAKED"), "value");
    const { problems, secrets } = inspectVariables(
      { variables: ["THERE", "BLANK", "GONE"], secrets: ["GOOD", "EMPTY", "LEAKED", "ABSENT"] },
      { SECRETS_DIR: directory, THERE: "1", BLANK: "", LEAKED: "value" },
    );
    rmSync(directory, { recursive: true });
    assert.deepEqual(problems, [
      "The variable BLANK is missing or empty in the environment.",
      "The variable GONE is missing or empty in the environment.",
      `The secret EMPTY is empty in ${directory}/EMPTY.`,
      "The secret LEAKED is in the environment; it must be a file in SECRETS_DIR alone.",
      `The secret ABSENT cannot be read from ${directory}/ABSENT (ENOENT).`,
    ]);
    assert.deepEqual(
      [...secrets],
      [
        ["GOOD", "value"],
        ["LEAKED", "value"],
      ],
    );
  });
});

describe("the probe's metrics", () => {
  it("tell of each check, and of declared metrics that there is no value", async () => {
    const specification = read();
    const results = new Map([
      ["store a", null],
      ["store b", "The store b cannot be used."],
    ]);
    const text = await createProbeMetrics(specification, () => results).metrics();
    assert.match(text, /^probe_check_passed\{check="store a"\} 1$/m);
    assert.match(text, /^probe_check_passed\{check="store b"\} 0$/m);
    assert.match(text, /^declared_total nan$/im);
  });
  const read = () => ({
    service: "a",
    run: "service" as const,
    ports: [],
    health: [],
    metrics: { path: "/metrics", port: 1, names: ["declared_total", "declared_total"] },
    variables: [],
    secrets: [],
    stores: [],
    volumes: [],
  });
});
