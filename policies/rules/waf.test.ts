import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import {
  association,
  aws,
  distribution,
  ingress,
  loadBalancer,
  ofSystem,
  rateRule,
  webAcl,
} from "../testing/network-fixtures.ts";
import { analyzeStack, stackVerdict } from "../testing/pack.ts";

const POLICY = "waf";
const missing = ["mandatory the resource itself: a public entry without a web ACL"];
const config = { [POLICY]: {} };
const found = (...resources: Parameters<typeof stackVerdict>[1]) => stackVerdict(POLICY, resources, config);

describe("POL-WAF (AR-SEC-13)", () => {
  it("is advice unless the configuration makes it mandatory", async () => {
    const reports = await analyzeStack([loadBalancer()]);
    assert.deepEqual(
      reports.filter(({ policy }) => policy === POLICY).map(({ level }) => level),
      ["advisory"],
    );
  });

  it("wants a web ACL before what faces the internet", async () => {
    assert.deepEqual(await found(loadBalancer(), webAcl(), association(webAcl(), loadBalancer())), []);
    assert.deepEqual(await found(loadBalancer()), missing);
    assert.deepEqual(await found(loadBalancer({ internal: undefined })), missing);
    assert.deepEqual(await found(loadBalancer({ internal: true })), []);
    assert.deepEqual(await found(loadBalancer({ loadBalancerType: "network" })), []);
    const other = association(webAcl(), aws("lb/loadBalancer:LoadBalancer", {}, "other"));
    assert.deepEqual(await found(loadBalancer(), webAcl(), other), missing);
    for (const type of ["apigateway/stage:Stage", "appsync/graphQLApi:GraphQLApi"]) {
      assert.deepEqual(await found(aws(type)), missing);
      assert.deepEqual(await found(aws(type), webAcl(), association(webAcl(), aws(type))), []);
    }
  });

  it("takes the web ACL of another stack, and the one that a distribution names", async () => {
    const foreign = aws("wafv2/webAclAssociation:WebAclAssociation", { webAclArn: "arn:other" }, "one", {
      resourceArn: [loadBalancer()],
    });
    assert.deepEqual(await found(loadBalancer(), foreign), []);
    assert.deepEqual(await found(distribution()), []);
    assert.deepEqual(await found(distribution({ webAclId: undefined }, { webAclId: [webAcl()] }), webAcl()), []);
    assert.deepEqual(await found(distribution({ webAclId: undefined })), [
      "mandatory webAclId: a public entry without a web ACL",
    ]);
  });

  it("wants managed rules in it", async () => {
    const behind = (rules: unknown, more = {}) => {
      const acl = webAcl({ rules, ...more });
      return found(loadBalancer(), acl, association(acl, loadBalancer()));
    };
    assert.deepEqual(await behind([rateRule]), ["mandatory rules: no managed rules"]);
    assert.deepEqual(await behind(undefined), ["mandatory rules: no managed rules"]);
    assert.deepEqual(await behind(UNKNOWN), ["advisory not evaluated: rules"]);
    assert.deepEqual(await behind(undefined, { ruleJson: "[]" }), []);
  });

  it("wants the controller's firewall, or CloudFront, before an Ingress of the systems that need one", async () => {
    const names = ["enable-modsecurity", "enable-owasp-core-rules"].map(
      (name) => `nginx.ingress.kubernetes.io/${name}`,
    );
    const annotated = (annotations: Record<string, unknown>) => ofSystem("archesai", ingress({}, annotations));
    const on = Object.fromEntries(names.map((name) => [name, "true"]));
    const line = (name: string) => `mandatory metadata.annotations["${name}"]: nothing`;
    assert.deepEqual(await found(annotated(on)), []);
    assert.deepEqual(await found(annotated({})), names.map(line));
    assert.deepEqual(await found(annotated({ ...on, [names[1] ?? ""]: undefined })), [line(names[1] ?? "")]);
    assert.deepEqual(await found(annotated({ "alb.ingress.kubernetes.io/wafv2-acl-arn": "arn:acl" })), []);
    assert.deepEqual(await found(annotated({}), distribution()), []);
    assert.deepEqual(await found(ofSystem("worldstore", ingress())), []);
    assert.deepEqual(await found(ingress()), []);
  });
});
