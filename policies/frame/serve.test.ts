import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, POD_KINDS, podSpec, taskDefinition, workload } from "../testing/fixtures.ts";
import { analyze, analyzeStack, verdict } from "../testing/pack.ts";

const root = { type: "pulumi:pulumi:Stack", name: "project-test", properties: {} };
const latest = deployment({ image: "agent:latest" });
const aboutImages = ({ policy }: { policy: string }) => policy === "img-pinned";
const day = (ahead: number) => new Date(Date.now() + ahead * 24 * 60 * 60 * 1000).toISOString().slice(0, 10);
const exemption = {
  policy: "POL-IMG-PINNED",
  urn: "*::payment-server",
  reason: "the vendor publishes no other tag",
  owner: "platform",
  expires: day(30),
};
const config = (exemptions: unknown, parameters = {}) => ({
  exemptions: { parameters: { exemptions, ...parameters } },
});

/** A Deployment that says how it is rolled out; every other kind as it is. */
function rolledOut(resource: ReturnType<typeof workload>): ReturnType<typeof workload> {
  if (!resource.type.endsWith(":Deployment")) {
    return resource;
  }
  const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } };
  const spec = { ...(resource.properties["spec"] as object), strategy };
  return { ...resource, properties: { ...resource.properties, spec } };
}

describe("the policy pack", () => {
  it("is quiet about hardened workloads of every kind", async () => {
    for (const kind of Object.keys(POD_KINDS) as (keyof typeof POD_KINDS)[]) {
      assert.deepEqual(await analyze(rolledOut(workload(podSpec(), kind))), [], kind);
    }
    assert.deepEqual(await analyze(taskDefinition()), []);
  });

  it("takes each policy's level from its configuration", async () => {
    assert.deepEqual(await verdict("img-pinned", latest, { "img-pinned": { level: "disabled" } }), []);
    const [line] = await verdict("img-pinned", latest, { "img-pinned": { level: "advisory" } });
    assert.match(line ?? "", /^advisory spec/);
  });

  it("rejects parameters that a policy does not have, once for the stack", async () => {
    const parameters = { banedTags: ["edge"] };
    const [report] = await analyze(root, { "img-pinned": { parameters } });
    assert.equal(report?.level, "mandatory");
    assert.match(
      report.message,
      /POL-IMG-PINNED has no parameter "banedTags": allowed are bannedTags, requireDigest\.$/,
    );
  });

  it("turns an exempted violation into advice that names the end, the owner and the reason", async () => {
    const [report, ...others] = (await analyze(latest, config([exemption]))).filter(aboutImages);
    assert.deepEqual(others, []);
    assert.equal(report?.level, "advisory");
    assert.equal(
      report.message,
      [
        "POL-IMG-PINNED: Container images carry a version, commit tag or digest",
        "  resource: payment-server (kubernetes:apps/v1:Deployment)",
        "  property: spec.template.spec.containers[0].image",
        `  exempt until ${day(30)}, owner platform: the vendor publishes no other tag`,
      ].join("\n"),
    );
  });

  it("lets the violation stand and says why when the exemption is expired, too long or malformed", async () => {
    const cases: [object, RegExp][] = [
      [{ expires: day(-1) }, /note: {5}exemptions\[0\] does not apply: it expired on /],
      [{ expires: day(91) }, /note: {5}exemptions\[0\] does not apply: it expires on .*, more than 90 days ahead\./],
      [{ owner: undefined }, /note: {5}exemptions\[0\] does not apply: it has no owner\./],
    ];
    for (const [changes, note] of cases) {
      const [report] = (await analyze(latest, config([{ ...exemption, ...changes }]))).filter(aboutImages);
      assert.equal(report?.level, "mandatory");
      assert.match(report.message, note);
    }
  });

  it("takes the longest time of an exemption from the configuration", async () => {
    const long = { ...exemption, expires: day(91) };
    const [report] = (await analyze(latest, config([long], { maxDays: 100 }))).filter(aboutImages);
    assert.equal(report?.level, "advisory");
  });

  it("rejects a malformed exemption once for the stack", async () => {
    const [report] = await analyze(root, config([{ ...exemption, policy: "POL-NOTHING" }]));
    assert.equal(report?.policy, "exemptions");
    assert.equal(report.level, "mandatory");
    assert.match(report.message, /exemptions\[0\] exempts nothing: there is no policy "POL-NOTHING"\.$/);
  });

  it("warns of an exemption that nothing used, after all other policies", async () => {
    const other = { ...exemption, urn: "*::agent" };
    const reports = await analyzeStack([root, latest], config([exemption, other]));
    const warnings = reports.filter(({ policy }) => policy === "exemptions-unused");
    assert.equal(warnings.length, 1);
    assert.equal(warnings[0]?.level, "advisory");
    assert.match(warnings[0].message, /exemptions\[1\] \(POL-IMG-PINNED for \*::agent, owner platform\)/);
  });

  it("lists all exemptions with what has become of them, the worst first", async () => {
    const list = [exemption, { ...exemption, expires: day(-1) }, { ...exemption, urn: "*::agent", path: "spec.*" }];
    const reports = await analyzeStack([root, latest], config([...list, { ...exemption, owner: " " }]));
    const [register, ...others] = reports.filter(({ policy }) => policy === "exemptions-register");
    assert.deepEqual(others, []);
    assert.equal(register?.level, "advisory");
    const text = "POL-IMG-PINNED for *::payment-server";
    const end = "owner platform: the vendor publishes no other tag";
    assert.deepEqual(register.message.split("\n"), [
      "Exemptions of this run, the worst first",
      `  malformed: exemptions[3], ${text} until ${day(30)}, owner undefined: the vendor publishes no other tag`,
      `  expired: exemptions[1], ${text} until ${day(-1)}, ${end}`,
      `  unused: exemptions[2], POL-IMG-PINNED for *::agent at spec.* until ${day(30)}, ${end}`,
      `  used: exemptions[0], ${text} until ${day(30)}, ${end} (1 finding)`,
    ]);
    const none = await analyzeStack([root, workload()]);
    assert.deepEqual(
      none.filter(({ policy }) => policy.startsWith("exemptions")),
      [],
    );
  });

  it("forgets exemptions when the configuration no longer has them", async () => {
    await analyze(latest, config([exemption]));
    const [report] = (await analyze(latest)).filter(aboutImages);
    assert.equal(report?.level, "mandatory");
  });

  it("reports values that are not known yet as advice, once for each policy", async () => {
    const reports = await analyze(taskDefinition(UNKNOWN));
    assert.ok(reports.every(({ level }) => level === "advisory"));
    const [first] = reports.filter(aboutImages);
    assert.equal(
      first?.message,
      [
        "POL-IMG-PINNED: Container images carry a version, commit tag or digest",
        "  resource: payment-server (aws:ecs/taskDefinition:TaskDefinition)",
        "  not evaluated: containerDefinitions",
        "  These values are known only during the update, which enforces the policy on them.",
      ].join("\n"),
    );
  });
});
