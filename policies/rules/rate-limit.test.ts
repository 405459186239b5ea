import assert from "node:assert/strict";
import { UNKNOWN } from "../testing/analyzer.ts";
import { deployment, ecsContainer, taskDefinition } from "../testing/fixtures.ts";
import {
  association,
  aws,
  distribution,
  ingress,
  loadBalancer,
  managedRule,
  ofSystem,
  rateRule,
  webAcl,
} from "../testing/network-fixtures.ts";
import { stackVerdict, verdict } from "../testing/pack.ts";

const POLICY = "rate-limit";
const PATH = "spec.template.spec.containers[0].env[0].value";

describe("POL-RATE-LIMIT (WS-SEC-13, EB-SEC-03, AR-SEC-18, CC-SEC-10, CC-SEC-23, RB-SEC-10)", () => {
  describe("the variables of the application", () => {
    const set = (system: string, name: string, value: unknown) =>
      verdict(POLICY, ofSystem(system, deployment({ env: [{ name, value }] })));

    it("hold the numbers of their system", async () => {
      for (const [system, name, value] of [
        ["worldstore", "RATE_LIMIT_ANTHROPIC_PER_HOUR", "100"],
        ["worldstore", "RATE_LIMIT_SERPAPI_PER_HOUR", "50"],
        ["worldstore", "RATE_LIMIT_CROSSMINT_PER_DAY", "200"],
        ["ecommerce-bot", "RATE_LIMIT_PER_MINUTE", "100"],
        ["archesai", "RATE_LIMIT_WINDOW_MS", "60000"],
        ["ccl", "RATE_LIMIT_MAX_REQUESTS", "100"],
        ["retail-brain", "RATE_LIMIT_MAX", "50"],
      ] as const) {
        assert.deepEqual(await set(system, name, value), []);
        assert.deepEqual(await set(system, name, "7"), [`mandatory ${PATH}: "7"`]);
        assert.deepEqual(await set(system, name, UNKNOWN), [`advisory not evaluated: ${PATH}`]);
        assert.deepEqual(await set("other", name, "7"), []);
      }
      assert.deepEqual(await set("worldstore", "RATE_LIMIT_BUFFER", "0.9"), []);
    });

    it("are those of ECS tasks too; references are not judged", async () => {
      const task = taskDefinition([
        ecsContainer({ environment: [{ name: "RATE_LIMIT_CROSSMINT_PER_DAY", value: "1" }] }),
      ]);
      assert.deepEqual(await verdict(POLICY, ofSystem("worldstore", task)), [
        'mandatory containerDefinitions[0].environment[0].value: "1"',
      ]);
      const env = [{ name: "RATE_LIMIT_CROSSMINT_PER_DAY", valueFrom: { configMapKeyRef: { name: "a", key: "b" } } }];
      assert.deepEqual(await verdict(POLICY, ofSystem("worldstore", deployment({ env }))), []);
    });
  });

  describe("the rules of the firewall", () => {
    const rule = (statement: object, more: object = {}) => ({
      ...rateRule,
      statement: { rateBasedStatement: { aggregateKeyType: "IP", ...statement } },
      ...more,
    });
    const found = (one: object, system = "worldstore") => verdict(POLICY, ofSystem(system, webAcl({ rules: [one] })));
    const LIMIT = "rules[0].statement.rateBasedStatement";

    it("let through what a minute may bring, whatever their window", async () => {
      assert.deepEqual(await found(rule({ limit: 100, evaluationWindowSec: 60 })), []);
      assert.deepEqual(await found(rule({ limit: 101, evaluationWindowSec: 60 })), [
        `mandatory ${LIMIT}.limit: 101 requests in 60 seconds`,
      ]);
      assert.deepEqual(await found(rule({ limit: 500 })), []);
      assert.deepEqual(await found(rule({ limit: 501 })), [`mandatory ${LIMIT}.limit: 501 requests in 300 seconds`]);
      assert.deepEqual(await found(rule({ limit: 600, evaluationWindowSec: 60 }), "archesai"), []);
      assert.deepEqual(await found(rule({})), [`mandatory ${LIMIT}.limit:  requests in 300 seconds`]);
    });

    it("block, and do not only count", async () => {
      assert.deepEqual(await found(rule({ limit: 100 }, { action: { count: {} } })), [
        "mandatory rules[0].action: an object",
      ]);
      assert.deepEqual(await found(rule({ limit: 100 }, { action: UNKNOWN })), [
        "advisory not evaluated: rules[0].action",
      ]);
    });

    it("are judged as far as they are known, as resources of their own too", async () => {
      assert.deepEqual(await found(rule({ limit: 9999, evaluationWindowSec: UNKNOWN })), [
        `advisory not evaluated: ${LIMIT}.evaluationWindowSec`,
      ]);
      assert.deepEqual(await found(rule({ limit: UNKNOWN })), [`advisory not evaluated: ${LIMIT}.limit`]);
      const single = aws("wafv2/webAclRule:WebAclRule", rule({ limit: 9999 }));
      assert.deepEqual(await verdict(POLICY, single), [
        "mandatory statement.rateBasedStatement.limit: 9999 requests in 300 seconds",
      ]);
      assert.deepEqual(await verdict(POLICY, webAcl({ rules: [managedRule] })), []);
    });
  });

  describe("the edge", () => {
    const behind = (rules: unknown, more = {}) => {
      const acl = webAcl({ rules, ...more });
      return stackVerdict(POLICY, [loadBalancer(), acl, association(acl, loadBalancer())]);
    };
    const missing = ["mandatory the resource itself: a public entry without a rate limit"];

    it("has a rule before everything that is public", async () => {
      assert.deepEqual(await behind([managedRule, rateRule]), []);
      assert.deepEqual(await behind([managedRule]), missing);
      assert.deepEqual(await behind([]), missing);
      assert.deepEqual(await stackVerdict(POLICY, [loadBalancer()]), missing);
      assert.deepEqual(await stackVerdict(POLICY, [loadBalancer({ internal: true })]), []);
      assert.deepEqual(await stackVerdict(POLICY, [loadBalancer({ loadBalancerType: "network" })]), []);
      assert.deepEqual(await stackVerdict(POLICY, [distribution({ webAclId: undefined })]), missing);
    });

    it("is not judged by rules of another stack or of later", async () => {
      assert.deepEqual(await stackVerdict(POLICY, [distribution()]), []);
      const unknown = await behind(UNKNOWN);
      assert.deepEqual([...new Set(unknown)], ["advisory not evaluated: rules"]);
      assert.deepEqual(await behind(undefined, { ruleJson: "[]" }), []);
    });

    it("is limited by the Ingress in the systems that ask for it", async () => {
      const [rps, rpm] = ["rps", "rpm"].map((unit) => `nginx.ingress.kubernetes.io/limit-${unit}`) as [string, string];
      const found = (annotations: Record<string, unknown>, system = "archesai") =>
        verdict(POLICY, ofSystem(system, ingress({}, annotations)));
      const line = (name: string, value: string) => [`mandatory metadata.annotations["${name}"]: ${value}`];
      assert.deepEqual(await found({ [rps]: "10" }), []);
      assert.deepEqual(await found({ [rpm]: "600" }), []);
      assert.deepEqual(await found({}), line(rps, "nothing"));
      assert.deepEqual(await found({ [rps]: "11" }), line(rps, '"11"'));
      assert.deepEqual(await found({ [rps]: "0" }), line(rps, '"0"'));
      assert.deepEqual(await found({ [rpm]: "601" }), line(rpm, '"601"'));
      assert.deepEqual(await found({ [rpm]: "0" }), line(rpm, '"0"'));
      assert.deepEqual(await found({ [rps]: UNKNOWN }), [`advisory not evaluated: metadata.annotations["${rps}"]`]);
      assert.deepEqual(await found({}, "worldstore"), []);
      assert.deepEqual(await found({ [rps]: "2" }, "worldstore"), line(rps, '"2"'));
    });
  });
});
