import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, it } from "mocha";

import { ConfigurationError, readConfiguration, type Settings } from "./configuration.ts";
import { decimal, integer, oneOf, optional, postgresUrl, redisUrl, secret, serviceUrl, text } from "./settings.ts";
import { poolSizeRule, storeSettings } from "./shared-settings.ts";

/** The problems that reading reports, none when it succeeds. */
function problems(settings: Settings, environment: Record<string, string>): readonly string[] {
  try {
    readConfiguration(settings, [], environment);
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigurationError);
    return error.problems;
  }
}

describe("the configuration of a process", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "configuration-"));
  });
  afterEach(() => {
    rmSync(directory, { recursive: true });
  });

  it("comes from the secret's file before the environment, without the line's end", () => {
    writeFileSync(join(directory, "KEY"), "from-the-file\n");
    const environment = { SECRETS_DIR: directory, KEY: "from-the-environment", OTHER: "x" };
    const { configuration, secrets } = readConfiguration(
      {
        KEY: secret(/./, "a key"),
        OTHER: text("a text"),
        ABSENT: integer(1, 9, 5),
        MAYBE: optional(secret(/./, "a key")),
      },
      [],
      environment,
    );
    assert.deepEqual(configuration, { KEY: "from-the-file", OTHER: "x", ABSENT: 5, MAYBE: undefined });
    assert.deepEqual(secrets, ["from-the-file"]);
  });

  it("takes an empty variable for a missing one", () => {
    assert.deepEqual(problems({ NAME: text("a name", "usual") }, { NAME: "" }), []);
    assert.deepEqual(problems({ NAME: text("a name") }, { NAME: " " }), [
      "NAME is missing; allowed is a name; set it in the environment variable NAME.",
    ]);
  });

  it("reports every problem at once, where to mend it and what is allowed", () => {
    mkdirSync(join(directory, "FOLDER"));
    const settings = {
      COUNT: integer(1, 9),
      MODE: oneOf(["a", "b"]),
      FOLDER: secret(/./, "a key"),
      KEY: secret(/^sk-/, "a key that starts with sk-"),
    };
    const environment = { SECRETS_DIR: directory, COUNT: "10", KEY: "hunter2hunter2" };
    assert.deepEqual(problems(settings, environment), [
      `COUNT is "10"; allowed is a whole number from 1 to 9; set it in the file ${directory}/COUNT or in the environment variable COUNT.`,
      `MODE is missing; allowed is one of a, b; set it in the file ${directory}/MODE or in the environment variable MODE.`,
      `FOLDER cannot be read from ${directory}/FOLDER (EISDIR); give this process's user the right to read it.`,
      `KEY has a value of the wrong form; allowed is a key that starts with sk-; set it in the file ${directory}/KEY or in the environment variable KEY.`,
    ]);
  });

  it("never shows the value of a secret, whatever it is", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[!-~]{8,80}$/), (value) => {
        const settings = {
          URL: postgresUrl(),
          REDIS: redisUrl(),
          KEY: secret(/^never matches$/, "something else"),
        };
        const told = problems(settings, { URL: `postgres://u:${value}@h/d`, REDIS: value, KEY: value });
        assert.equal(told.length, 3);
        return !told.join(" ").includes(value);
      }),
    );
  });

  it("checks rules over several settings beside the settings themselves", () => {
    const environment = { REDIS_POOL_MIN: "11", REDIS_POOL_MAX: "10" };
    assert.throws(
      () => readConfiguration(storeSettings, [poolSizeRule], environment),
      (error: ConfigurationError) => error.problems.length === 3 && /REDIS_POOL_MIN is 11, above/.test(error.message),
    );
  });

  const table: [name: string, setting: Settings[string], good: string[], bad: string[]][] = [
    ["integer", integer(0, 65535), ["0", "65535"], ["-1", "65536", "1.5", "1e3", "0x10", "ten"]],
    ["decimal", decimal(0.1, 1), ["0.1", "0.9", "1"], ["0", "1.1", ".5", "90%"]],
    ["word", oneOf(["info", "debug"]), ["info"], ["INFO", "inform"]],
    ["service", serviceUrl(), ["http://server:3000", "https://a.b"], ["server:3000", "ftp://a", "/a"]],
    [
      "postgres",
      postgresUrl(),
      ["postgres://u:p@h:5432/d?sslmode=verify-full", "postgresql://u:p@h/d?application_name=x&sslmode=verify-full"],
      [
        "postgres://u:p@h:5432/d",
        "postgres://u:p@h:5432/d?sslmode=require",
        "postgres://u@h:5432/d?sslmode=verify-full",
        "postgres://u:p@h:5432/?sslmode=verify-full",
        "mysql://u:p@h:5432/d?sslmode=verify-full",
        "verify-full",
      ],
    ],
    [
      "redis",
      redisUrl(),
      ["rediss://u:p@h:6380"],
      ["redis://u:p@h:6380", "rediss://h:6380", "rediss://:p@h:6380", "h:6380"],
    ],
  ];
  for (const [name, setting, good, bad] of table) {
    it(`knows what is allowed: ${name}`, () => {
      for (const value of good) assert.deepEqual(problems({ NAME: setting }, { NAME: value }), [], value);
      for (const value of bad) assert.equal(problems({ NAME: setting }, { NAME: value }).length, 1, value);
    });
  }
});
