import assert from "node:assert/strict";
import { join } from "node:path";
import { secret, startAnalyzer, UNKNOWN, type Analyzer, type PackConfig } from "../testing/analyzer.ts";

describe("the pack as one policy speaks for all", () => {
  let analyzer: Analyzer;

  before(async function () {
    this.timeout(30_000);
    analyzer = await startAnalyzer(join(import.meta.dirname, "..", "testing", "frame-pack"));
  });
  after(() => analyzer.close());

  const resource = (properties: Record<string, unknown>, name = "subject") => ({ type: "test:a:B", name, properties });
  const everything = (level: "disabled" | "remediate") => ({
    exemptions: { level },
    "exemptions-unused": { level },
    "exemptions-register": { level },
    settings: { level },
    fails: { level },
    size: { level },
    system: { level },
    tags: { level },
    whole: { level },
  });

  async function judge(properties: Record<string, unknown>, config: PackConfig = {}): Promise<string[]> {
    await analyzer.configure(config);
    const reports = await analyzer.analyze(resource(properties));
    return reports.map(({ policy, level, message }) => `${policy} ${level} ${/found: +(.*)/.exec(message)?.[1]}`);
  }

  async function mend(properties: Record<string, unknown>, config: PackConfig) {
    await analyzer.configure(config);
    return analyzer.remediate(resource(properties));
  }

  describe("judging", () => {
    it("reports in the name and at the level of each policy", async () => {
      assert.deepEqual(await judge({}), ["size mandatory nothing", "system advisory undefined in undefined"]);
      assert.deepEqual(await judge({}, { size: { level: "advisory" }, system: { level: "mandatory" } }), [
        "size advisory nothing",
        "system mandatory undefined in undefined",
      ]);
    });

    it("goes on when the policies that would speak are disabled, and is silent when all are", async () => {
      const { size: _, ...others } = everything("disabled");
      assert.deepEqual(await judge({}, others), ["size mandatory nothing"]);
      assert.deepEqual(await judge({}, everything("disabled")), []);
    });

    it("hands each policy its parameters and the settings of the pack", async () => {
      const config: PackConfig = {
        size: { parameters: { size: 7 } },
        settings: { parameters: { system: "worldstore", environment: "prod" } },
      };
      assert.deepEqual(await judge({ config: { size: 7 } }, config), ["system advisory worldstore in prod"]);
      assert.deepEqual(await judge({ config: { size: 3 } }), ["system advisory undefined in undefined"]);
      const disabled: PackConfig = { ...config, settings: { ...config["settings"], level: "disabled" } };
      assert.deepEqual(await judge({ config: { size: 7 } }, disabled), ["system advisory undefined in undefined"]);
    });

    it("asks about the stack once, as long as anything is enabled", async () => {
      const resources = [resource({}, "alone"), resource({}, "other")];
      await analyzer.configure({});
      const [report, ...others] = await analyzer.analyzeStack(resources);
      assert.deepEqual(others, []);
      assert.equal(report?.policy, "whole");
      assert.match(report.urn, /::alone$/);
      await analyzer.configure({ whole: { level: "disabled" } });
      assert.deepEqual(await analyzer.analyzeStack(resources), []);
      await analyzer.configure({ whole: { level: "remediate" } });
      assert.equal((await analyzer.analyzeStack(resources))[0]?.level, "mandatory");
    });

    it("fails as a whole when a rule fails, and says which", async () => {
      await assert.rejects(judge({ fail: true }), /POL-FAILS failed on urn:pulumi:test::project::test:a:B::subject/);
    });

    it("names policies and parameters that do not exist, once for the stack", async () => {
      await analyzer.configure({
        sise: {},
        size: { parameters: { sise: 1 } },
        settings: { parameters: { stage: "a" } },
      });
      const reports = await analyzer.analyze({ type: "pulumi:pulumi:Stack", name: "a", properties: {} });
      const sentences = reports
        .filter(({ message }) => !message.includes("resource: "))
        .map(({ policy, level, message }) => `${policy} ${level} ${message.split("\n")[1]}`);
      assert.deepEqual(sentences.sort(), [
        "settings mandatory The configuration names a policy that does not exist: sise.",
        'settings mandatory settings has no parameter "stage": allowed are system, environment.',
        'size mandatory POL-SIZE has no parameter "sise": allowed are size.',
      ]);
    });
  });

  describe("remediating", () => {
    const remediate = { size: { level: "remediate" } } as const;

    it("changes nothing unless a policy's level asks for it", async () => {
      assert.deepEqual(await mend({}, {}), []);
      assert.deepEqual(await mend({}, { size: { level: "disabled" } }), []);
      assert.deepEqual(await judge({}, remediate), [
        "size mandatory nothing",
        "system advisory undefined in undefined",
      ]);
    });

    it("sets the right value, and leaves a resource alone that has it", async () => {
      const [first, ...others] = await mend({ a: 1 }, remediate);
      assert.deepEqual(others, []);
      assert.deepEqual(first, { policy: "size", properties: { a: 1, config: { size: 3 } }, diagnostic: "" });
      assert.deepEqual(await mend(first.properties, remediate), []);
      const [other] = await mend({}, { size: { level: "remediate", parameters: { size: 7 } } });
      assert.deepEqual(other?.properties, { config: { size: 7 } });
    });

    it("keeps secrets secret and unknowns unknown", async () => {
      const properties = { password: secret("hunter2"), config: secret({ a: 1 }), later: UNKNOWN };
      const [changed] = await mend(properties, remediate);
      assert.deepEqual(changed?.properties, { ...properties, config: secret({ a: 1, size: 3 }) });
      assert.deepEqual(await mend({ config: { size: secret(1) } }, remediate), []);
      assert.deepEqual(await mend({ config: { size: UNKNOWN } }, remediate), []);
      assert.deepEqual(await mend({ config: UNKNOWN }, remediate), []);
    });

    it("hands what one remediation made to the next", async () => {
      const properties = { document: '{"kind":"list"}', password: secret("hunter2") };
      const both = await mend(properties, everything("remediate"));
      assert.deepEqual(
        both.map(({ policy }) => policy),
        ["size", "tags"],
      );
      const document = '{"kind":"list","version":2}';
      assert.deepEqual(both[1]?.properties, { ...properties, document, config: { size: 3 } });
      assert.deepEqual(await mend(both[1].properties, everything("remediate")), []);
    });

    it("leaves archives of assets alone, which the SDK would lose", async () => {
      const signature = "4dabf18193072939515e22adb298388d";
      const file = { [signature]: "c44067f5952c0a294b673a41bacd8c17", text: "a" };
      const code = { [signature]: "0def7320c3a5731c473e5ecbe6d01bc7", assets: { "index.js": file } };
      assert.deepEqual(await mend({ code }, remediate), []);
      const [changed] = await mend({ code: file }, remediate);
      assert.deepEqual(changed?.properties, { code: file, config: { size: 3 } });
    });

    it("leaves a resource alone that an exemption names", async () => {
      const exemption = { policy: "POL-SIZE", urn: "*::subject", reason: "r", owner: "o", expires: "2026-06-02" };
      const exempting = (changes: object): PackConfig => ({
        ...remediate,
        exemptions: { parameters: { exemptions: [{ ...exemption, ...changes }] } },
      });
      assert.deepEqual(await mend({}, exempting({})), []);
      for (const changes of [{ urn: "*::other" }, { policy: "tags" }, { expires: "2026-05-31" }, { owner: "" }]) {
        assert.equal((await mend({}, exempting(changes))).length, 1, JSON.stringify(changes));
      }
    });
  });
});
