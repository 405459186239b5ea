import assert from "node:assert/strict";

import { convert, type Inputs, type Renames } from "./convert.ts";
import { pond } from "./testing/pond.ts";

describe("inputs of Pulumi as parameters of AWS", () => {
  const cases: [what: string, inputs: Inputs, renames: Renames, parameters: Record<string, unknown>][] = [
    ["by their names", { pondName: "a", depth: 3, open: true }, {}, { PondName: "a", Depth: 3, Open: true }],
    [
      "in another number",
      { fishes: [{ kind: "carp" }], tag: { a: "b" } },
      {},
      { Fish: [{ Kind: "carp" }], Tags: [{ Key: "a", Value: "b" }] },
    ],
    ["a block as a list of one", { fish: { kind: "carp" } }, {}, { Fish: [{ Kind: "carp" }] }],
    ["a list of one as a structure", { shore: [{ sand: "a" }] }, {}, { Shore: { Sand: "a" } }],
    ["a record as a map", { labels: { a: 1 } }, {}, { Labels: { a: "1" } }],
    ["a text as a number and the other way round", { depth: "3", pondName: 4 }, {}, { Depth: 3, PondName: "4" }],
    ["a switch as a word", { state: false }, {}, { State: "DISABLED" }],
    ["a document as it is", { fish: '[{"Kind":"carp","extra":1}]' }, {}, { Fish: [{ Kind: "carp", extra: 1 }] }],
    ["by another name", { name: "a" }, { name: "PondName" }, { PondName: "a" }],
    [
      "at another place",
      { sand: "a", stone: "b" },
      { sand: "Shore.Sand", stone: "Shore.Stone" },
      { Shore: { Sand: "a", Stone: "b" } },
    ],
    ["inside a map", { colour: 3 }, { colour: "Labels.Colour" }, { Labels: { Colour: "3" } }],
    [
      "without what AWS is not told",
      { pondName: "a", forceDestroy: true },
      { forceDestroy: undefined },
      { PondName: "a" },
    ],
    ["without empty lists where one element is needed", { fish: [], tags: [] }, {}, { Tags: [] }],
    ["without what is not said", { pondName: undefined, depth: null }, {}, {}],
  ];
  for (const [what, inputs, renames, parameters] of cases) {
    it(`are written ${what}`, () => {
      const converted = convert(pond, "CreatePond", inputs, renames);
      assert.deepEqual(converted.parameters, parameters);
      assert.deepEqual(converted.unknown, []);
    });
  }

  it("tell where each parameter came from", () => {
    const inputs = { name: "a", fish: { kind: "carp" } };
    const { sources } = convert(pond, "CreatePond", inputs, { name: "PondName" });
    assert.equal(sources.get("PondName"), "name");
    assert.equal(sources.get("Fish[0].Kind"), "fish[0].kind");
  });

  it("are told when they lead nowhere", () => {
    const { unknown } = convert(pond, "CreatePond", { hight: 1, fish: [{ colour: "red" }] }, {});
    assert.deepEqual(unknown, ["hight", "fish[0].colour"]);
  });
});
