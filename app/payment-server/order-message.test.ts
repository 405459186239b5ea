import assert from "node:assert/strict";
import fc from "fast-check";
import { describe, it } from "mocha";

import { readOrderMessage } from "./order-message.ts";

const good = { id: "CM_789abc", correlationId: "req_abc123", payload: '{"amount":179}' };

describe("an order message", () => {
  it("is read from the fields of an entry", () => {
    assert.deepEqual(readOrderMessage({ ...good, more: "is ignored" }), { ...good, payload: { amount: 179 } });
  });

  const table: [change: Record<string, string | undefined>, reason: string][] = [
    [{ id: undefined }, "id must be present"],
    [{ id: "a b c" }, "id must be 3 to 100 letters, digits, _ and -"],
    [{ correlationId: "x" }, "correlationId must be 6 to 64 letters, digits, _, . and -"],
    [{ payload: undefined }, "payload must be present"],
    [{ payload: "{" }, "payload must be a JSON object"],
    [{ payload: "null" }, "payload must be a JSON object"],
    [{ payload: "[1]" }, "payload must be a JSON object"],
    [{ payload: `{"a":"${"x".repeat(65_536)}"}` }, "payload must be at most 65536 characters"],
    [{ id: undefined, payload: "1" }, "id must be present; payload must be a JSON object"],
  ];
  for (const [change, reason] of table) {
    it(`is refused because ${reason}: ${Object.keys(change).join(", ")} = ${String(Object.values(change)[0]).slice(0, 10)}`, () => {
      const fields = Object.entries({ ...good, ...change }).filter(([, value]) => value !== undefined);
      assert.deepEqual(readOrderMessage(Object.fromEntries(fields) as Record<string, string>), { reason });
    });
  }

  it("is read or refused for any fields, and the refusal quotes none of them", () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom("id", "correlationId", "payload"), fc.stringMatching(/^[Z{}"]{9,20}$/)),
        (fields) => {
          const result = readOrderMessage(fields);
          assert.ok("reason" in result);
          return Object.values(fields).every((value) => !result.reason.includes(value));
        },
      ),
    );
  });
});
