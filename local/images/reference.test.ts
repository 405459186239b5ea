import assert from "node:assert/strict";

import fc from "fast-check";

import { imageKey, imageReference, type ImageInputs } from "./reference.ts";

const inputs: ImageInputs = {
  dockerfile: "FROM scratch\n",
  context: [
    { path: "a", mode: 0o644, content: "one" },
    { path: "b", mode: 0o755, content: "two" },
  ],
  origin: "base",
};
const [a, b] = inputs.context as [ImageInputs["context"][number], ImageInputs["context"][number]];

describe("an image's key", () => {
  it("is 12 hexadecimal digits and the tag of its reference", () => {
    const key = imageKey(inputs);
    assert.match(key, /^[0-9a-f]{12}$/);
    assert.equal(imageReference("redis", key), `images.local/redis:${key}`);
  });

  it("does not depend on the order of the files", () => {
    assert.equal(imageKey({ ...inputs, context: [b, a] }), imageKey(inputs));
  });

  const changes: Record<string, ImageInputs> = {
    "the Dockerfile": { ...inputs, dockerfile: "FROM scratch\n\n" },
    "the base": { ...inputs, origin: "another" },
    "a file's content": { ...inputs, context: [a, { ...b, content: "three" }] },
    "a file's mode": { ...inputs, context: [a, { ...b, mode: 0o644 }] },
    "a file's name": { ...inputs, context: [a, { ...b, path: "c" }] },
    "a file that is missing": { ...inputs, context: [a] },
  };
  for (const [what, changed] of Object.entries(changes)) {
    it(`changes with ${what}`, () => assert.notEqual(imageKey(changed), imageKey(inputs)));
  }

  it("tells apart texts that are divided differently", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), fc.string({ minLength: 1 }), (dockerfile, origin, moved) => {
        const one = imageKey({ dockerfile: dockerfile + moved, context: [], origin });
        const other = imageKey({ dockerfile, context: [], origin: origin + moved });
        return one !== other;
      }),
    );
  });
});
