import assert from "node:assert/strict";
import { Field } from "../frame/field.ts";
import { UNKNOWN } from "../testing/analyzer.ts";
import { isDevelopment } from "./environment.ts";

const dev = (properties: Record<string, unknown>, settings = {}, stack = "prod") =>
  isDevelopment({
    urn: `urn:pulumi:${stack}::p::t::n`,
    type: "t",
    name: "n",
    properties: Field.root(properties),
    settings,
  });

describe("the environment of a resource", () => {
  it("is what its label or tag says", () => {
    assert.equal(dev({ metadata: { labels: { environment: "dev" } } }, { environment: "prod" }), true);
    assert.equal(dev({ tags: { environment: "prod" }, tagsAll: { environment: "dev" } }), false);
    assert.equal(dev({ tags: { environment: "" }, tagsAll: { environment: "development" } }), true);
  });

  it("is that of the settings, else the stack's name", () => {
    assert.equal(dev({ tags: UNKNOWN }, { environment: "dev" }), true);
    assert.equal(dev({ tags: { environment: UNKNOWN } }), false);
    assert.equal(dev({}, {}, "dev"), true);
    assert.equal(dev({}, { environment: "prod" }, "dev"), false);
  });
});
