import assert from "node:assert/strict";
import type { Resource, Settings } from "../frame/check.ts";
import { Field } from "../frame/field.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { systemOf } from "./system.ts";

const resource = (properties: Record<string, unknown>, settings?: Settings): Resource => ({
  urn: "urn",
  type: "type",
  name: "name",
  properties: Field.root(properties),
  ...(settings && { settings }),
});

describe("the system of a resource", () => {
  it("is the one that its label or tag names", () => {
    const labels = { "app.kubernetes.io/part-of": "worldstore" };
    assert.equal(systemOf(resource({ metadata: { labels } }, { system: "other" })), "worldstore");
    assert.equal(systemOf(resource({ tags: { system: "worldstore" } })), "worldstore");
    assert.equal(systemOf(resource({ tagsAll: { system: "worldstore" } })), "worldstore");
  });

  it("is the one of the settings when it names none, and none without settings", () => {
    assert.equal(systemOf(resource({ tags: { system: UNKNOWN } }, { system: "worldstore" })), "worldstore");
    assert.equal(systemOf(resource({ tags: { system: "" } }, { system: "worldstore" })), "worldstore");
    assert.equal(systemOf(resource({})), undefined);
  });
});
