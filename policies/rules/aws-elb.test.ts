import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { remediated, verdictRemediated } from "../testing/in-process.ts";
import { aws, loadBalancer } from "../testing/network-fixtures.ts";
import { verdict } from "../testing/pack.ts";
import { awsElb } from "./aws-elb.ts";

const POLICY = "aws-elb";
const found = (overrides: Record<string, unknown>) => verdict(POLICY, loadBalancer(overrides));

describe("POL-AWS-ELB (EB-SEC-15, AR-SEC-05, RB-SEC-24)", () => {
  it("accepts a load balancer that refuses malformed requests, under every name of its type", async () => {
    for (const type of ["lb", "alb", "applicationloadbalancing", "elasticloadbalancingv2"]) {
      const typed = (overrides: object) =>
        verdict(POLICY, aws(`${type}/loadBalancer:LoadBalancer`, { ...loadBalancer().properties, ...overrides }));
      assert.deepEqual(await typed({}), []);
      assert.deepEqual(await typed({ dropInvalidHeaderFields: false }), ["mandatory dropInvalidHeaderFields: false"]);
    }
  });

  it("wants invalid headers dropped, which is not the default", async () => {
    assert.deepEqual(await found({ dropInvalidHeaderFields: undefined }), [
      "mandatory dropInvalidHeaderFields: nothing",
    ]);
    assert.deepEqual(await found({ dropInvalidHeaderFields: UNKNOWN }), [
      "advisory not evaluated: dropInvalidHeaderFields",
    ]);
    assert.deepEqual(await found({ dropInvalidHeaderFields: undefined, loadBalancerType: "network" }), []);
    assert.deepEqual(await found({ dropInvalidHeaderFields: undefined, loadBalancerType: undefined }), [
      "mandatory dropInvalidHeaderFields: nothing",
    ]);
    assert.deepEqual(await found({ loadBalancerType: UNKNOWN }), ["advisory not evaluated: loadBalancerType"]);
  });

  it("wants the defensive mode, which is the default, or the strictest", async () => {
    assert.deepEqual(await found({ desyncMitigationMode: undefined }), []);
    assert.deepEqual(await found({ desyncMitigationMode: "strictest" }), []);
    assert.deepEqual(await found({ desyncMitigationMode: "monitor" }), ['mandatory desyncMitigationMode: "monitor"']);
    assert.deepEqual(await found({ desyncMitigationMode: "monitor", loadBalancerType: "network" }), []);
  });

  it("wants two zones; a subnet that is named twice is one", async () => {
    assert.deepEqual(await found({ subnets: ["a"] }), ["mandatory subnets: 1 of them"]);
    assert.deepEqual(await found({ subnets: ["a", "a"] }), ["mandatory subnets: 1 of them"]);
    assert.deepEqual(await found({ subnets: [UNKNOWN, UNKNOWN] }), []);
    assert.deepEqual(await found({ subnets: UNKNOWN }), ["advisory not evaluated: subnets"]);
    assert.deepEqual(await found({ subnets: undefined }), ["mandatory subnets: 0 of them"]);
    const subnetMappings = [{ subnetId: "a" }, { subnetId: "b" }];
    assert.deepEqual(await found({ subnets: undefined, subnetMappings }), []);
    const config = { [POLICY]: { parameters: { minZones: 3 } } };
    assert.deepEqual(await verdict(POLICY, loadBalancer(), config), ["mandatory subnets: 2 of them"]);
  });

  it("judges load balancers of the first generation by what they have", async () => {
    const classic = (properties: object) => verdict(POLICY, aws("elb/loadBalancer:LoadBalancer", { ...properties }));
    assert.deepEqual(await classic({ availabilityZones: ["a", "b"] }), []);
    assert.deepEqual(await classic({ availabilityZones: ["a"], desyncMitigationMode: "monitor" }), [
      'mandatory desyncMitigationMode: "monitor"',
      "mandatory availabilityZones: 1 of them",
    ]);
  });

  it("drops invalid headers and takes a careless mode back", () => {
    const careless = loadBalancer({ dropInvalidHeaderFields: undefined, desyncMitigationMode: "monitor" });
    assert.deepEqual(verdictRemediated(awsElb, careless), { verdict: [], idempotent: true });
    const network = loadBalancer({ dropInvalidHeaderFields: undefined, loadBalancerType: "network" });
    assert.deepEqual(verdictRemediated(awsElb, network), { verdict: [], idempotent: true });
    for (const resource of [
      network,
      loadBalancer(),
      loadBalancer({ desyncMitigationMode: undefined }),
      loadBalancer({ desyncMitigationMode: "strictest" }),
      loadBalancer({ desyncMitigationMode: UNKNOWN }),
      aws("elb/loadBalancer:LoadBalancer", { desyncMitigationMode: "monitor" }),
    ]) {
      assert.deepEqual(remediated(awsElb, resource), resource);
    }
  });
});
