import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import {
  aws,
  distribution,
  httpsListener,
  ingress,
  listenerRule,
  ofSystem,
  targetGroup,
} from "../testing/network-fixtures.ts";
import { analyzeStack, stackVerdict } from "../testing/pack.ts";

const POLICY = "dns";
const found = (...resources: TestResource[]) => stackVerdict(POLICY, resources, { [POLICY]: {} });
const record = (name: unknown, type: unknown = "A") => aws("route53/record:Record", { name, type }, "record");
const rule = (values: unknown) =>
  listenerRule(httpsListener(), targetGroup(), { conditions: [{ hostHeader: { values } }, { pathPattern: {} }] });
const PATH = "conditions[0].hostHeader.values[0]";
const HOST = "pay.shop.example.com";
const annotation = "external-dns.alpha.kubernetes.io/hostname";

describe("POL-DNS (EB-SEC-18)", () => {
  it("is advice unless the configuration makes it mandatory", async () => {
    const reports = await analyzeStack([rule([HOST])]);
    assert.deepEqual(
      reports.filter(({ policy }) => policy === POLICY).map(({ level }) => level),
      ["advisory"],
    );
  });

  it("wants a record for each host of a listener's rule", async () => {
    assert.deepEqual(await found(rule([HOST]), record(HOST)), []);
    assert.deepEqual(await found(rule([HOST])), [`mandatory ${PATH}: "${HOST}"`]);
    assert.deepEqual(await found(rule([HOST]), record("other.example.com")), [`mandatory ${PATH}: "${HOST}"`]);
    assert.deepEqual(await found(rule([HOST]), record(HOST, "TXT")), [`mandatory ${PATH}: "${HOST}"`]);
    assert.deepEqual(await found(rule([HOST, "b.example.com"]), record(HOST)), [
      `mandatory conditions[0].hostHeader.values[1]: "b.example.com"`,
    ]);
  });

  it("reads names as Route 53 does", async () => {
    for (const name of [`${HOST}.`, HOST.toUpperCase(), "*.shop.example.com", "pay"]) {
      assert.deepEqual(await found(rule([HOST]), record(name)), [], name);
    }
    for (const name of ["*.example.com", "shop", ""]) {
      assert.equal((await found(rule([HOST]), record(name))).length, 1, name);
    }
    assert.deepEqual(await found(rule([HOST]), record(HOST, "AAAA")), []);
    assert.deepEqual(await found(rule([HOST]), record(HOST, "CNAME")), []);
  });

  it("wants a record for each name of a distribution", async () => {
    assert.deepEqual(await found(distribution({ aliases: ["cdn.example.net"] })), [
      'mandatory aliases[0]: "cdn.example.net"',
    ]);
    assert.deepEqual(await found(distribution({ aliases: ["cdn.example.net"] }), record("cdn.example.net")), []);
    assert.deepEqual(await found(distribution()), []);
  });

  it("is not decided by what is known later", async () => {
    assert.deepEqual(await found(rule([HOST]), record(UNKNOWN)), []);
    assert.deepEqual(await found(rule([UNKNOWN])), [`advisory not evaluated: ${PATH}`]);
    assert.deepEqual(await found(rule(UNKNOWN)), ["advisory not evaluated: conditions[0].hostHeader.values"]);
  });

  describe("on Kubernetes", () => {
    const entry = (host: unknown, annotations: Record<string, unknown> = {}) =>
      ingress({ rules: [{ host, http: { paths: [{ path: "/a" }, { path: "/b" }] } }] }, annotations);

    it("asks for the hosts that a system states", async () => {
      for (const [system, host] of [
        ["ecommerce-bot", "api.ecommerce-bot.com"],
        ["archesai", "api.archesai.com"],
        ["archesai", "app.archesai.com"],
      ] as const) {
        assert.deepEqual(await found(ofSystem(system, entry(host))), [`mandatory spec.rules[0].host: "${host}"`]);
        assert.deepEqual(await found(ofSystem(system, entry(host)), record(host)), []);
        assert.deepEqual(await found(ofSystem(system, entry(host, { [annotation]: `x.example.net, ${host}` }))), []);
        assert.deepEqual(await found(ofSystem(system, entry(host, { [annotation]: UNKNOWN }))), []);
      }
      assert.deepEqual(
        await found(ofSystem("archesai", entry("api.archesai.com", { [annotation]: "x.example.net" }))),
        ['mandatory spec.rules[0].host: "api.archesai.com"'],
      );
      assert.deepEqual(await found(ofSystem("worldstore", entry(HOST))), []);
      assert.deepEqual(await found(entry(undefined)), []);
    });

    it("rejects the examples that nobody replaced", async () => {
      for (const host of ["your-domain.com", "api.your-domain.com", "API.yourdomain.com"]) {
        assert.deepEqual(await found(entry(host)), [`mandatory spec.rules[0].host: "${host}"`]);
      }
      assert.deepEqual(await found(entry("notyour-domain.com")), []);
      const config = { [POLICY]: { parameters: { placeholders: ["example.com"] } } };
      assert.deepEqual(await stackVerdict(POLICY, [entry(HOST)], config), [`mandatory spec.rules[0].host: "${HOST}"`]);
    });
  });
});
