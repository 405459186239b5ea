import assert from "node:assert/strict";
import { UNKNOWN, type TestResource } from "../testing/analyzer.ts";
import {
  association,
  aws,
  distribution,
  ingress,
  loadBalancer,
  managedRule,
  ofSystem,
  webAcl,
} from "../testing/network-fixtures.ts";
import { analyzeStack, stackVerdict } from "../testing/pack.ts";

const POLICY = "ddos";
const found = (resources: TestResource[], parameters = {}) =>
  stackVerdict(POLICY, resources, { [POLICY]: { parameters } });
const guarded = (rules?: unknown) => {
  const acl = rules === undefined ? webAcl() : webAcl({ rules });
  return [loadBalancer(), acl, association(acl, loadBalancer())];
};
const slow = ["mandatory the resource itself: no rule that slows a flood down"];

describe("POL-DDOS (AR-SEC-14)", () => {
  it("is advice unless the configuration makes it mandatory", async () => {
    const reports = await analyzeStack([loadBalancer()]);
    assert.deepEqual(
      reports.filter(({ policy }) => policy === POLICY).map(({ level }) => level),
      ["advisory"],
    );
  });

  it("wants a rate rule before what faces the internet", async () => {
    assert.deepEqual(await found(guarded()), []);
    assert.deepEqual(await found([loadBalancer()]), slow);
    assert.deepEqual(await found(guarded([managedRule])), slow);
    assert.deepEqual(await found(guarded(UNKNOWN)), []);
    assert.deepEqual(await found([loadBalancer({ internal: true })]), []);
    assert.deepEqual(await found([loadBalancer({ loadBalancerType: "network" })]), []);
    assert.deepEqual(await found([distribution()]), []);
    assert.deepEqual(await found([distribution({ webAclId: undefined })]), slow);
  });

  it("wants CloudFront before the entries of systems that need it", async () => {
    const archesai = (resources: TestResource[]) => resources.map((resource) => ofSystem("archesai", resource));
    assert.deepEqual(await found(archesai(guarded())), [
      "mandatory the resource itself: an entry without a CDN before it",
    ]);
    assert.deepEqual(await found([...archesai(guarded()), distribution()]), []);
    assert.deepEqual(await found(archesai([ingress()])), [
      "mandatory the resource itself: an Ingress without a CDN before it",
    ]);
    assert.deepEqual(await found([...archesai([ingress()]), distribution()]), []);
    assert.deepEqual(await found([ofSystem("worldstore", ingress())]), []);
  });

  it("wants Shield Advanced where it is on, and nothing else from what it protects", async () => {
    const protection = aws("shield/protection:Protection", {}, "shield", { resourceArn: [loadBalancer()] });
    assert.deepEqual(await found(guarded(), { shieldAdvanced: true }), [
      "mandatory the resource itself: no protection of Shield Advanced",
    ]);
    assert.deepEqual(await found([...guarded(), protection], { shieldAdvanced: true }), []);
    assert.deepEqual(await found([loadBalancer(), protection]), []);
  });
});
