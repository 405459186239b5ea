import assert from "node:assert/strict";

import { errors, parseEvent, policyFindings, stackOutputs, type EngineEvent } from "./events.ts";
import { outputsText } from "./outputs.ts";
import { findingsText, summaryText } from "./preview-text.ts";

const finding = (policyName: string, resourceUrn: string, enforcementLevel = "mandatory"): EngineEvent => ({
  policyEvent: { policyName, resourceUrn, enforcementLevel, policyPackName: "pack", message: `${policyName} speaks\n` },
});

describe("What the engine tells", () => {
  it("is read line by line; other lines are no events", () => {
    assert.deepEqual(parseEvent('{"summaryEvent":{"result":"succeeded"}}'), { summaryEvent: { result: "succeeded" } });
    assert.equal(parseEvent("warning: something"), undefined);
    assert.equal(parseEvent('{"cut off'), undefined);
  });

  it("names each policy finding once, in a fixed order", () => {
    const findings = policyFindings([finding("b", "u"), finding("a", "v"), finding("b", "u"), finding("a", "u")]);
    assert.deepEqual(
      findings.map(({ policy, urn }) => [policy, urn]),
      [
        ["a", "u"],
        ["a", "v"],
        ["b", "u"],
      ],
    );
    assert.equal(findings[0]?.message, "a speaks");
  });

  it("names each error once and leaves out that there were errors", () => {
    const error = (message: string): EngineEvent => ({ diagnosticEvent: { severity: "error", message } });
    const note: EngineEvent = { diagnosticEvent: { severity: "info", message: "hello" } };
    assert.deepEqual(errors([error("error: no\n"), note, error("error: no\n"), error("update failed")]), ["no"]);
  });

  it("has the outputs of the stack as they are at the end, and knows whether they changed", () => {
    const ended = (now: object, before?: object): EngineEvent => ({
      resOutputsEvent: {
        metadata: {
          op: "same",
          urn: "urn",
          type: "pulumi:pulumi:Stack",
          old: before ? { outputs: { ...before } } : null,
          new: { outputs: { ...now } },
        },
      },
    });
    assert.deepEqual(stackOutputs([ended({}), ended({ a: 1 }, { a: 1 })]), {
      outputs: { a: 1 },
      outputsChanged: false,
    });
    assert.deepEqual(stackOutputs([ended({ a: 2 }, { a: 1 })]), { outputs: { a: 2 }, outputsChanged: true });
    assert.deepEqual(stackOutputs([ended({ a: 2 })]), { outputs: { a: 2 }, outputsChanged: true });
  });
});

describe("What people read", () => {
  it("has violations before advice", () => {
    const findings = policyFindings([finding("advice", "u", "advisory"), finding("rule", "u")]);
    assert.equal(findingsText(findings), "VIOLATION rule speaks\n\nADVISORY advice speaks");
  });

  it("counts what will be done", () => {
    assert.equal(summaryText({ create: 2, update: 1, same: 3 }), "2 to create, 1 to update; 3 unchanged.");
    assert.equal(summaryText({ same: 3 }), "0 changes; 3 unchanged.");
  });

  it("shows outputs aligned, with a line for each value", () => {
    const text = outputsText({
      address: "a:1",
      names: ["x", "y"],
      urls: { web: "http://w" },
      checks: [{ path: "/", port: 3 }],
      none: [],
    });
    assert.deepEqual(text.split("\n"), [
      "OUTPUT        VALUE",
      "address       a:1",
      "names         x",
      "              y",
      "urls     web  http://w",
      "checks        path /, port 3",
      "none          none",
    ]);
  });
});
