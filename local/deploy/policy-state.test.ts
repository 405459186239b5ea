import assert from "node:assert/strict";

import { readState } from "./policy-state.ts";

const urn = (name: string) => `urn:pulumi:prod::shop::aws:sqs/queue:Queue::${name}`;
const provider = "urn:pulumi:prod::shop::pulumi:providers:aws::default";
const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", plaintext: '"hunter2"' };
const state = (...resources: object[]) => JSON.stringify({ version: 3, deployment: { resources } });

describe("A state as the policies see it", () => {
  it("has each resource by its inputs, and in the stack by its outputs", () => {
    const queue = { urn: urn("jobs"), type: "aws:sqs/queue:Queue", inputs: { a: 1 }, outputs: { a: 1, b: 2 } };
    const { alone, together } = readState(state({ ...queue, protect: true }), "state.json");
    assert.deepEqual(alone[0]?.properties, { a: 1 });
    assert.deepEqual(together[0]?.properties, { a: 1, b: 2 });
    assert.equal(alone[0]?.name, "jobs");
    assert.equal(alone[0]?.protect, true);
  });

  it("has the provider of each resource, and the URNs behind its properties", () => {
    const queue = {
      urn: urn("jobs"),
      type: "aws:sqs/queue:Queue",
      provider: `${provider}::1234`,
      dependencies: [urn("other")],
      propertyDependencies: { kmsKey: [urn("other")], name: null },
    };
    const providers = { urn: provider, type: "pulumi:providers:aws", inputs: { region: "eu-central-1" } };
    const [, given] = readState(state(providers, queue), "state.json").together;
    assert.deepEqual(given?.provider?.properties, { region: "eu-central-1" });
    assert.deepEqual(given?.propertyDependencies, { kmsKey: [urn("other")], name: [] });
    assert.deepEqual(given?.dependencies, [urn("other")]);
  });

  it("shows no secret, not even one that was exported open", () => {
    const queue = { urn: urn("jobs"), type: "aws:sqs/queue:Queue", inputs: { deep: [{ key: secret }] }, outputs: {} };
    const seen = readState(state(queue), "state.json");
    assert.doesNotMatch(JSON.stringify(seen), /hunter2/);
    assert.match(JSON.stringify(seen.alone), /"value":"\[secret\]"/);
  });

  it("leaves out what waits to be deleted", () => {
    const old = { urn: urn("jobs"), type: "aws:sqs/queue:Queue", delete: true };
    assert.deepEqual(readState(state(old), "state.json"), { alone: [], together: [] });
  });

  it("is refused when it is none, with what to do", () => {
    for (const text of ["no JSON", "{}", "[]", '{"deployment": null}']) {
      assert.throws(
        () => readState(text, "x.json"),
        /--file: x\.json is no state; write one with `pulumi stack export`\./,
      );
    }
  });
});
