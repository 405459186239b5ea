import assert from "node:assert/strict";
import fc from "fast-check";
import { catalogue } from "../catalogue.ts";
import { imgPinned } from "../rules/img-pinned.ts";
import { secretSealed } from "../rules/secret-sealed.ts";
import type { Finding } from "./check.ts";
import { Exemptions, matchesGlob } from "./exemptions.ts";
import { Field } from "./field.ts";

const URN = "urn:pulumi:dev::agent-commerce::kubernetes:apps/v1:Deployment::payment-server";
const PATH = "spec.template.spec.containers[0].image";

const finding: Finding = {
  resource: { urn: URN, type: "kubernetes:apps/v1:Deployment", name: "payment-server", properties: Field.root({}) },
  path: PATH,
  found: "nothing",
  expected: "something",
  fix: undefined,
};

const valid = {
  policy: "POL-IMG-PINNED",
  urn: "*::payment-server",
  reason: "the vendor publishes no other tag",
  owner: "platform",
  expires: "2026-06-30",
};

/** The exemptions on 1 June 2026, just before midnight. */
function exemptions(given: unknown, now = "2026-06-01T23:59:59Z", maxDays = 90): Exemptions {
  return new Exemptions(given, { maxDays, clock: () => new Date(now), policies: catalogue });
}

const rejected = (changes: object) => exemptions([{ ...valid, ...changes }]).rule(imgPinned, finding);

describe("exemptions", () => {
  it("cover the findings they name, by id or name, glob and path", () => {
    for (const changes of [{}, { policy: "img-pinned" }, { urn: URN }, { path: PATH }, { path: "*.image" }]) {
      const { exemption, rejected: reasons } = rejected(changes);
      assert.equal(exemption?.owner, "platform");
      assert.deepEqual(reasons, []);
    }
  });

  it("cover no other policy, resource or path", () => {
    for (const changes of [
      { policy: "POL-NO-HOST" },
      { urn: "*::agent" },
      { urn: "payment-server" },
      { path: "spec" },
    ]) {
      assert.deepEqual(rejected(changes), { rejected: [] });
    }
  });

  it("hold through their last day and not a second longer", () => {
    const at = (now: string) => exemptions([valid], now).rule(imgPinned, finding);
    assert.equal(at("2026-06-30T23:59:59.999Z").exemption?.expires, "2026-06-30");
    assert.deepEqual(at("2026-07-01T00:00:00Z"), {
      rejected: ["exemptions[0] does not apply: it expired on 2026-06-30."],
    });
  });

  it("reach no further ahead than the configured days", () => {
    const on = (expires: string, maxDays?: number) =>
      exemptions([{ ...valid, expires }], undefined, maxDays).rule(imgPinned, finding).rejected;
    assert.deepEqual(on("2026-08-30"), []);
    assert.deepEqual(on("2026-08-31"), [
      "exemptions[0] does not apply: it expires on 2026-08-31, more than 90 days ahead.",
    ]);
    assert.deepEqual(on("2026-08-31", 91), []);
  });

  it("exempt nothing when something is missing or wrong, and say what", () => {
    const cases: [object, string][] = [
      [{ owner: undefined }, "it has no owner"],
      [{ owner: "  " }, "it has no owner"],
      [{ reason: 7 }, "it has no reason"],
      [{ expires: undefined }, "it has no expires"],
      [{ expires: "2026-02-30" }, 'expires is not a date of the form YYYY-MM-DD: "2026-02-30"'],
      [{ expires: "30.06.2026" }, 'expires is not a date of the form YYYY-MM-DD: "30.06.2026"'],
      [{ urn: "**" }, "urn names no resource"],
      [{ path: "" }, "it has no path"],
      [{ until: "2026-06-30" }, "until is not known (allowed are policy, urn, path, reason, owner, expires)"],
    ];
    for (const [changes, defect] of cases) {
      const list = exemptions([{ ...valid, ...changes }]);
      assert.equal(list.rule(imgPinned, finding).exemption, undefined);
      assert.deepEqual(list.malformed, [`exemptions[0] exempts nothing: ${defect}.`]);
    }
  });

  it("name the policy that does not exist or accepts none", () => {
    assert.deepEqual(exemptions([{ ...valid, policy: "POL-IMG" }]).malformed, [
      'exemptions[0] exempts nothing: there is no policy "POL-IMG".',
    ]);
    const sealed = exemptions([{ ...valid, policy: "secret-sealed" }]).rule(secretSealed, finding);
    assert.deepEqual(sealed, {
      rejected: ["exemptions[0] does not apply: POL-SECRET-SEALED accepts no exemption."],
    });
  });

  it("say all that is wrong at once, and go on to the next one", () => {
    const list = exemptions([{ ...valid, owner: "", expires: "2026-05-01" }, valid]);
    assert.equal(list.rule(imgPinned, finding).exemption?.owner, "platform");
    const { rejected: reasons } = exemptions([{ ...valid, owner: "", expires: "2026-05-01" }]).rule(imgPinned, finding);
    assert.deepEqual(reasons, ["exemptions[0] does not apply: it has no owner; it expired on 2026-05-01."]);
  });

  it("are warned of when nothing used them", () => {
    const list = exemptions([valid, { ...valid, urn: "*::agent" }]);
    list.rule(imgPinned, finding);
    assert.deepEqual(list.unused, [
      "exemptions[1] (POL-IMG-PINNED for *::agent, owner platform) exempts nothing any more: remove it.",
    ]);
  });

  it("are registered with what has become of them, the worst first", () => {
    const list = exemptions([
      valid,
      { ...valid, urn: "*::agent" },
      { ...valid, expires: "2026-12-31" },
      { ...valid, expires: "2026-05-31" },
      { ...valid, reason: "" },
    ]);
    list.rule(imgPinned, finding);
    list.rule(imgPinned, finding);
    assert.deepEqual(
      list.register.map(({ state, label, findings }) => `${state} ${label} ${findings}`),
      [
        "malformed exemptions[4] 0",
        "expired exemptions[3] 0",
        "too long exemptions[2] 0",
        "unused exemptions[1] 0",
        "used exemptions[0] 2",
      ],
    );
  });

  it("exempt nothing whatever nonsense they are", () => {
    fc.assert(
      fc.property(fc.anything(), (nonsense) => {
        return exemptions(nonsense).rule(imgPinned, finding).exemption === undefined;
      }),
    );
  });

  it("match globs as a whole and literally but for the star", () => {
    assert.equal(matchesGlob("a.b*", "a.bc"), true);
    assert.equal(matchesGlob("a.b*", "axbc"), false);
    assert.equal(matchesGlob("*[0]*", "c[0].x"), true);
    assert.equal(matchesGlob("b", "abc"), false);
    fc.assert(fc.property(fc.string(), (text) => matchesGlob(text.replaceAll("*", "x"), text.replaceAll("*", "x"))));
  });
});
