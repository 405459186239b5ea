import assert from "node:assert/strict";

import { nextSecret } from "./rotation.ts";
import { groupName, loginsOf, otherLogin, userOf } from "./names.ts";
import { scramVerifier } from "./scram.ts";

describe("a database user", () => {
  it("has a SCRAM verifier as the example of RFC 7677 asks for", () => {
    // The RFC's exchange for user "user", password "pencil"; its signature proves the server key.
    const verifier = scramVerifier("pencil", Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64"));
    assert.equal(
      verifier,
      "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
    );
    assert.notEqual(scramVerifier("pencil"), scramVerifier("pencil"));
  });

  it("alternates between two logins", () => {
    assert.deepEqual(loginsOf("agent"), ["agent", "agent_clone"]);
    assert.equal(otherLogin("agent"), "agent_clone");
    assert.equal(otherLogin("agent_clone"), "agent");
    assert.equal(userOf("agent_clone"), "agent");
    assert.equal(groupName("worldstore", "readwrite"), "worldstore_readwrite");
  });

  it("gets a next secret with login, password and address changed together, and all else kept", () => {
    const current = {
      engine: "postgres" as const,
      host: "db.example",
      port: "5432",
      dbname: "worldstore",
      username: "agent",
      password: "old-password",
      url: "postgres://agent:old-password@db.example:5432/worldstore?sslmode=verify-full",
      note: "kept",
    };
    const next = nextSecret(current);
    assert.match(next.password, /^[A-Za-z0-9_-]{43}$/);
    assert.deepEqual(next, {
      ...current,
      username: "agent_clone",
      password: next.password,
      url: `postgres://agent_clone:${next.password}@db.example:5432/worldstore?sslmode=verify-full`,
    });
    assert.equal(nextSecret(next).username, "agent");
    assert.notEqual(nextSecret(current).password, next.password);
  });
});
