import assert from "node:assert/strict";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";

const POLICY = "secret-stable";
const BYTES = "random:index/randomBytes:RandomBytes";

const random = (name: string, properties: Record<string, unknown> = {}, protect = true, parameters = {}) =>
  verdict(POLICY, { type: BYTES, name, properties, protect }, { [POLICY]: { parameters } });
const secret = (name: string, protect: boolean, tags = {}): TestResource => ({
  type: "aws:secretsmanager/secret:Secret",
  properties: { name, tags },
  protect,
});

describe("POL-SECRET-STABLE (WS-SEC-08, WS-SEC-18, AR-SEC-19)", () => {
  it("accepts protected keys without keepers, and other random values as they are", async () => {
    assert.deepEqual(await random("worldstore-encryption-key"), []);
    assert.deepEqual(await random("worldstore-encryption-key", { keepers: {} }), []);
    assert.deepEqual(await random("redis-password", { keepers: { a: "b" } }, false), []);
    assert.deepEqual(await verdict(POLICY, secret("a/WALLET_KEY_0", true)), []);
    assert.deepEqual(await verdict(POLICY, secret("a/API_KEY", false)), []);
  });

  it("says what is wrong and what to do", async () => {
    const resource = { type: BYTES, name: "encryption-key", properties: { keepers: { a: "b" } }, protect: true };
    assert.deepEqual(await firstReport(POLICY, resource), [
      "mandatory",
      "POL-SECRET-STABLE: Identity and encryption keys never regenerate or vanish",
      "  resource: encryption-key (random:index/randomBytes:RandomBytes)",
      "  property: keepers",
      "  found:    keepers",
      "  expected: none: a change of one makes another key",
      "  fix:      Protect the key, give it no keepers, and take keys of identities from the stack's configuration.",
      "  required: WS-SEC-08, WS-SEC-18, AR-SEC-19; PCI DSS 3.6.1; SOC 2 CC6.1, A1.2",
    ]);
  });

  it("rejects keys without protection, in the program and in the store", async () => {
    const open = ["mandatory the resource itself: no protect option"];
    assert.deepEqual(await random("worldstore-encryption-key", {}, false), open);
    assert.deepEqual(await verdict(POLICY, secret("worldstore/prod/ENCRYPTION_KEY", false)), open);
    assert.deepEqual(await verdict(POLICY, secret("WALLET_KEY_12", false)), open);
    assert.deepEqual(await verdict(POLICY, secret("WALLET_KEY", false, { environment: "dev" })), []);
  });

  it("rejects generated keys of identities, but for development", async () => {
    assert.deepEqual(await random("agent-wallet-key-0"), [
      "mandatory the resource itself: a generated key of an identity",
    ]);
    const dev = { tags: { environment: "dev" } };
    assert.deepEqual(await random("agent-wallet-key-0", dev, false), []);
    assert.deepEqual(await random("agent-wallet-key-0", { ...dev, keepers: { a: "b" } }), [
      "mandatory keepers: keepers",
    ]);
    assert.deepEqual(await random("agent-encryption-key", {}, true, { external: ["ENCRYPTION_KEY"] }), [
      "mandatory the resource itself: a generated key of an identity",
    ]);
  });

  it("rejects stored keys of identities that come from a random value", async () => {
    const bytes: TestResource = { type: BYTES, name: "anything", properties: {} };
    const stored = (name: string, sources: string[], properties = {}) =>
      stackVerdict(POLICY, [
        secret(name, true),
        bytes,
        {
          type: "aws:secretsmanager/secretVersion:SecretVersion",
          properties: { secretId: UNKNOWN, secretString: UNKNOWN, ...properties },
          propertyDependencies: { secretId: [urnOf(secret(name, true))], secretString: sources },
        },
      ]);
    assert.deepEqual(await stored("a/WALLET_KEY_0", [urnOf(bytes)]), [
      "mandatory secretString: a generated key of an identity",
    ]);
    assert.deepEqual(await stored("a/WALLET_KEY_0", [urnOf(bytes)], { tags: { environment: "dev" } }), []);
    assert.deepEqual(await stored("a/WALLET_KEY_0", []), []);
    assert.deepEqual(await stored("a/ENCRYPTION_KEY", [urnOf(bytes)]), []);
  });

  it("takes the keys of each system from its configuration", async () => {
    const of = (system: string) => verdict(POLICY, secret("a/WALLET_KEY", false, { system }));
    assert.deepEqual(await of("worldstore"), ["mandatory the resource itself: no protect option"]);
    assert.deepEqual(await of("arches-ai"), []);
    const parameters = { stable: { default: ["SIGNING_KEY"] } };
    assert.deepEqual(await random("signing-key", {}, false, parameters), [
      "mandatory the resource itself: no protect option",
    ]);
    assert.deepEqual(await random("signing-key", {}, false, { stable: {} }), []);
  });

  it("waits for keepers that are not known yet", async () => {
    assert.deepEqual(await random("encryption-key", { keepers: UNKNOWN }), ["advisory not evaluated: keepers"]);
  });
});
