import assert from "node:assert/strict";

import { startEmulator, type Emulator } from "./emulator.ts";

describe("the AWS emulator", () => {
  let emulator: Emulator;
  before(async () => (emulator = await startEmulator({ accountId: "111122223333" })));
  after(() => emulator.stop());

  it("answers for the given account", async () => {
    const response = await fetch(emulator.endpoint, {
      method: "POST",
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        authorization: "AWS4-HMAC-SHA256 Credential=test/20260101/eu-central-1/sts/aws4_request, Signature=none",
      },
      body: "Action=GetCallerIdentity&Version=2011-06-15",
    });
    assert.match(await response.text(), /<Account>111122223333<\/Account>/);
  });
});
