import assert from "node:assert/strict";
import { ResourceDraft } from "../frame/draft.ts";
import { UNKNOWN, urnOf, type TestResource } from "../testing/analyzer.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";
import { firstReport } from "../testing/report.ts";
import { secretStrength } from "./secret-strength.ts";

const POLICY = "secret-strength";
const HEX = "0a".repeat(32);

const random = (type: string, properties: Record<string, unknown>, name = "jwt-secret", parameters = {}) =>
  verdict(POLICY, { type: `random:index/${type}`, name, properties }, { [POLICY]: { parameters } });
const bytes = (length: unknown, name?: string, parameters?: object) =>
  random("randomBytes:RandomBytes", { length }, name, parameters);
const password = (properties: Record<string, unknown>) => random("randomPassword:RandomPassword", properties);
const secret = (name: string): TestResource => ({ type: "aws:secretsmanager/secret:Secret", properties: { name } });
const stored = (name: string, secretString: unknown, parameters = {}) =>
  stackVerdict(
    POLICY,
    [
      secret(name),
      {
        type: "aws:secretsmanager/secretVersion:SecretVersion",
        properties: { secretId: UNKNOWN, secretString },
        propertyDependencies: { secretId: [urnOf(secret(name))] },
      },
    ],
    { [POLICY]: { parameters } },
  );

describe("POL-SECRET-STRENGTH (WS-SEC-18, AR-SEC-19, CC-SEC-03, CC-SEC-09, RB-SEC-07)", () => {
  it("accepts 32 bytes and more, and rejects fewer", async () => {
    assert.deepEqual(await bytes(32), []);
    assert.deepEqual(await bytes(64), []);
    assert.deepEqual(await bytes(31), ["mandatory length: 31"]);
    assert.deepEqual(await bytes(undefined), ["mandatory length: nothing"]);
    assert.deepEqual(await bytes(47, undefined, { minBytes: 48 }), ["mandatory length: 47"]);
  });

  it("says what is wrong and what to do", async () => {
    const resource = { type: "random:index/randomBytes:RandomBytes", name: "jwt-secret", properties: { length: 8 } };
    assert.deepEqual(await firstReport(POLICY, resource), [
      "mandatory",
      "POL-SECRET-STRENGTH: Generated secrets have at least 256 bits",
      "  resource: jwt-secret (random:index/randomBytes:RandomBytes)",
      "  property: length",
      "  found:    8",
      "  expected: at least 32 bytes",
      "  fix:      Generate at least 32 random bytes (RandomBytes), or a password of at least 43 letters and digits.",
      "  required: WS-SEC-18, AR-SEC-19, CC-SEC-03, CC-SEC-09, RB-SEC-07; PCI DSS 3.6.1, 8.6.3; SOC 2 CC6.1",
    ]);
  });

  it("asks for exactly 32 bytes where the program reads no more", async () => {
    assert.deepEqual(await bytes(32, "worldstore-secrets-encryption-key"), []);
    assert.deepEqual(await bytes(64, "worldstore-secrets-encryption-key"), ["mandatory length: 64"]);
    assert.deepEqual(await bytes(64, "x-data-key", { hexKeys: ["DATA_KEY"] }), ["mandatory length: 64"]);
  });

  it("counts the bits of passwords by their alphabet", async () => {
    assert.deepEqual(await password({ length: 43, special: false }), []);
    assert.deepEqual(await password({ length: 42, special: false }), ["mandatory length: 42 characters, 250 bits"]);
    assert.deepEqual(await password({ length: 41 }), []);
    assert.deepEqual(await password({ length: 40 }), ["mandatory length: 40 characters, 255 bits"]);
    assert.deepEqual(await password({ length: 64, upper: false, lower: false, special: false }), [
      "mandatory length: 64 characters, 212 bits",
    ]);
    assert.deepEqual(await password({ length: 42, overrideSpecial: "--" }), [
      "mandatory length: 42 characters, 251 bits",
    ]);
    const none = { length: 99, upper: false, lower: false, numeric: false, special: false };
    assert.deepEqual(await password(none), ["mandatory length: 99 characters, 0 bits"]);
    assert.deepEqual(await password({}), ["mandatory length: no characters, 0 bits"]);
    assert.deepEqual(await password({ length: UNKNOWN }), ["advisory not evaluated: length"]);
  });

  it("rejects secrets from random values that stay in the open", async () => {
    for (const type of ["randomString:RandomString", "randomId:RandomId", "randomUuid:RandomUuid"]) {
      assert.deepEqual(await random(type, { length: 99 }, "db-password"), [
        "mandatory the resource itself: a random value that is kept in the open",
      ]);
      assert.deepEqual(await random(type, { length: 4 }, "bucket-suffix"), []);
    }
  });

  it("reads the stored values of keys with a format, without showing them", async () => {
    assert.deepEqual(await stored("worldstore/prod/ENCRYPTION_KEY", HEX), []);
    assert.deepEqual(await stored("ENCRYPTION_KEY", `${HEX}0`), ["mandatory secretString: 65 characters (hidden)"]);
    assert.deepEqual(await stored("ENCRYPTION_KEY", "z".repeat(64)), [
      "mandatory secretString: 64 characters (hidden)",
    ]);
    assert.deepEqual(await stored("ENCRYPTION_KEY", undefined), ["mandatory secretString: nothing"]);
    assert.deepEqual(await stored("ENCRYPTION_KEY", "[secret]"), []);
    assert.deepEqual(await stored("OTHER", "short"), []);
    assert.deepEqual(await stored("API_GATEWAY_API_KEYS", `${HEX}, ${HEX}`), []);
    assert.deepEqual(await stored("API_GATEWAY_API_KEYS", HEX), []);
    assert.deepEqual(await stored("API_GATEWAY_API_KEYS", `${HEX},short`), [
      "mandatory secretString: 70 characters (hidden)",
    ]);
    assert.deepEqual(await stored("KEYS", "", { hexLists: ["KEYS"] }), [
      "mandatory secretString: 0 characters (hidden)",
    ]);
    assert.deepEqual(await stored("ENCRYPTION_KEY", UNKNOWN), ["advisory not evaluated: secretString"]);
  });

  it("remediates too few bytes", () => {
    const remediated = (type: string, properties: Record<string, unknown>) => {
      const draft = new ResourceDraft({ type, name: "n" }, properties);
      secretStrength.remediate?.(draft, { minBytes: 32, hexKeys: [], hexLists: [] });
      return draft.properties;
    };
    const type = "random:index/randomBytes:RandomBytes";
    assert.deepEqual(remediated(type, { length: 16 }), { length: 32 });
    assert.deepEqual(remediated(type, { length: 32 }), { length: 32 });
    assert.deepEqual(remediated(type, { length: UNKNOWN }), { length: UNKNOWN });
    assert.deepEqual(remediated("random:index/randomPassword:RandomPassword", { length: 16 }), { length: 16 });
  });
});
