import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";

import { createRedaction } from "./redaction.ts";

describe("the redaction of a line", () => {
  const table: [what: string, line: string, expected: string][] = [
    ["a known value", "key hunter2hunter2 used", "key [hidden] used"],
    [
      "user and password of any address",
      "at postgres://u:p@h/d and redis://:q@h",
      "at postgres://[hidden]@h/d and redis://[hidden]@h",
    ],
    ["a bearer token", "Bearer abc.def-123456 sent", "Bearer [hidden] sent"],
    [
      "the value of a field with credentials",
      '{"authorization":"x \\" y","a":1}',
      '{"authorization":"[hidden]","a":1}',
    ],
    ["an Anthropic key that is not known", "sk-ant-api03-abc_DEF", "sk-ant-[hidden]"],
    ["the password of a known address on its own", "password s3cret-pw/1 refused", "password [hidden] refused"],
    ["the same password encoded", "user:s3cret-pw%2F1", "user:[hidden]"],
  ];
  const redact = createRedaction(["hunter2hunter2", "rediss://user:s3cret-pw%2F1@host:6380"]);
  for (const [what, line, expected] of table) {
    it(`hides ${what}`, () => assert.equal(redact(line), expected));
  }

  it("leaves alone what is no secret, transaction hashes among it", () => {
    const line = `{"transactionHash":"0x${"ab".repeat(32)}","url":"http://host:3000/a@b","password_count":"3"}`;
    assert.equal(redact(line), line);
  });

  it("hides every known value, spelt in JSON or in an address, and leaves JSON behind", () => {
    const secrets = fc.string({ minLength: 8, unit: "grapheme" });
    fc.assert(
      fc.property(secrets, fc.string(), fc.string(), (secret, before, after) => {
        const encoded = encodeURIComponent(secret);
        const line = JSON.stringify({ message: before + secret + after, url: `https://host/?key=${encoded}` });
        const result = createRedaction([secret])(line);
        JSON.parse(result);
        return !result.includes(JSON.stringify(secret).slice(1, -1)) && !result.includes(encoded);
      }),
    );
  });
});
