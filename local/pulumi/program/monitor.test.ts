import assert from "node:assert/strict";
import { join } from "node:path";

import { analyze, recordProgram, shown, type Recording } from "./monitor.ts";

const programs = join(import.meta.dirname, "..", "testing", "programs");
const pack = join(programs, "pack");
const random = (config: Record<string, string> = {}, preview = true) =>
  recordProgram({
    cwd: join(programs, "random"),
    entry: "index.ts",
    project: "random-test",
    config,
    secretKeys: ["token"],
    preview,
  });

describe("a program recorded without an engine", () => {
  let recording: Recording;
  before(async () => (recording = await random({ token: "moonlight" })));

  it("shows each resource with its parent, inputs and options", () => {
    assert.equal(recording.exitCode, 0, recording.printed);
    const named = (name: string) => recording.resources.find((resource) => resource.name === name);
    const stack = named("random-test-test");
    const password = named("password");
    assert.equal(stack?.urn, "urn:pulumi:test::random-test::pulumi:pulumi:Stack::random-test-test");
    assert.equal(password?.urn, "urn:pulumi:test::random-test::random:index/randomPassword:RandomPassword::password");
    assert.equal(password.parent, stack.urn);
    assert.deepEqual(shown(password.inputs), { length: 24, keepers: { round: "1" } });
    assert.deepEqual(password.options.additionalSecretOutputs, ["bcryptHash", "result"]);
    assert.equal(password.options.protect, false);
    assert.equal(recording.resources.length, 6);
  });

  it("leaves what is not known yet unknown and what is secret secret", () => {
    assert.deepEqual(shown(recording.outputs), {
      plain: { id: "[unknown]", string: "[unknown]", uuid: "[unknown]" },
      secret: { password: "[secret]", hash: "[secret]", bytes: "[secret]", hex: "[secret]" },
      fromConfig: "[secret]",
    });
  });

  it("keeps what the program prints", () => {
    assert.match(recording.printed, /said by the program/);
  });

  it("tells how a failing program failed", async () => {
    const failed = await random({ fail: "true" });
    assert.equal(failed.exitCode, 32);
    assert.match(failed.logs.find(({ severity }) => severity === "error")?.message ?? "", /fails on purpose/);
  });

  it("is judged by a policy pack", async () => {
    assert.deepEqual(await analyze({ pack, resources: recording.resources }), []);
    const short = await random({ length: "12" });
    const violations = await analyze({ pack, resources: short.resources });
    assert.equal(violations.length, 1);
    const [violation] = violations;
    assert.equal(violation?.policy, "long-passwords");
    assert.equal(violation.level, "mandatory");
    assert.match(violation.urn, /::password$/);
    assert.match(violation.message, /a password of 12 characters is too short/);
  });

  it("is judged by the levels that the configuration gives", async () => {
    const { resources } = await random({ length: "12" });
    const config = { "long-passwords": { enforcementLevel: "advisory" as const } };
    const violations = await analyze({ pack, resources, config });
    assert.deepEqual(
      violations.map(({ level }) => level),
      ["advisory"],
    );
  });
});
