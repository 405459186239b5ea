import { ServiceModel } from "../model.ts";

const text = { shape: "Text" };

/** A service with one operation that takes every kind of value. */
export const pond = new ServiceModel({
  operations: { CreatePond: { input: { shape: "Pond" } } },
  shapes: {
    Pond: {
      type: "structure",
      required: ["PondName", "Token"],
      members: {
        PondName: text,
        Token: { shape: "Text", idempotencyToken: true },
        Depth: { shape: "Depth" },
        Fish: { shape: "FishList" },
        Open: { shape: "Boolean" },
        State: { shape: "State" },
        Tags: { shape: "TagList" },
        Labels: { shape: "Labels" },
        Shore: { shape: "Shore" },
      },
    },
    Text: { type: "string", min: 1, max: 8, pattern: "[a-z-]+" },
    Depth: { type: "integer", min: 1, max: 40 },
    FishList: { type: "list", min: 1, max: 2, member: { shape: "Fish" } },
    Fish: { type: "structure", required: ["Kind"], members: { Kind: text, Count: { shape: "Depth" } } },
    Boolean: { type: "boolean" },
    State: { type: "string", enum: ["ENABLED", "DISABLED"] },
    TagList: { type: "list", member: { shape: "Tag" } },
    Tag: { type: "structure", members: { Key: { shape: "Any" }, Value: { shape: "Any" } } },
    Any: { type: "string" },
    Labels: { type: "map", key: text, value: { shape: "Any" } },
    Shore: { type: "structure", union: true, members: { Sand: { shape: "Any" }, Stone: { shape: "Any" } } },
  },
});
