import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack } from "../frame/stack.ts";
import { valueFor, type BySystem } from "../workloads/by-system.ts";
import { DISTRIBUTION } from "../workloads/distributions.ts";
import { annotation, isIngress } from "../workloads/ingresses.ts";
import { balancerKind, facesInternet, LOAD_BALANCER } from "../workloads/load-balancers.ts";
import { ofType } from "../workloads/references.ts";
import { systemOf } from "../workloads/system.ts";
import { containerVariables } from "../workloads/variables.ts";
import { firewallRulesOf, hasForeignWebAcl, rateRulesOf, webAclsOf } from "../workloads/firewalls.ts";

interface Parameters {
  app: BySystem<Readonly<Record<string, string>>>;
  edgePerMinute: BySystem<number>;
  edgeRequired: string[];
}

const RPS = "nginx.ingress.kubernetes.io/limit-rps";
const RPM = "nginx.ingress.kubernetes.io/limit-rpm";

/** Nobody can use up what a system may ask of others, or all of its capacity. */
export const rateLimit = definePolicy<Parameters>({
  id: "POL-RATE-LIMIT",
  title: "Rate limits configured at edge and app",
  severity: "medium",
  level: "mandatory",
  targets: ["kubernetes", "aws"],
  controls: { soc2: ["CC6.6", "A1.1"] },
  requirements: ["WS-SEC-13", "EB-SEC-03", "AR-SEC-18", "CC-SEC-10", "CC-SEC-23", "RB-SEC-10"],
  remediation: "Give the firewall of the edge a blocking rate rule, and the application the numbers of its system.",
  parameters: {
    app: {
      type: "object",
      description: "Values of the variables that limit a system's application, where they are set.",
      default: {
        archesai: { RATE_LIMIT_WINDOW_MS: "60000", RATE_LIMIT_MAX_REQUESTS: "100", RATE_LIMIT_MAX: "100" },
        ccl: { RATE_LIMIT_WINDOW_MS: "60000", RATE_LIMIT_MAX_REQUESTS: "100", RATE_LIMIT_MAX: "100" },
        "retail-brain": { RATE_LIMIT_WINDOW_MS: "60000", RATE_LIMIT_MAX_REQUESTS: "50", RATE_LIMIT_MAX: "50" },
        "ecommerce-bot": { RATE_LIMIT_PER_MINUTE: "100" },
        worldstore: {
          RATE_LIMIT_ANTHROPIC_PER_HOUR: "100",
          RATE_LIMIT_SERPAPI_PER_HOUR: "50",
          RATE_LIMIT_CROSSMINT_PER_DAY: "200",
        },
        default: {},
      },
    },
    edgePerMinute: {
      type: "object",
      description: "Requests of one address in a minute that the edge lets through at most, by system.",
      default: { archesai: 600, "retail-brain": 100, default: 100 },
    },
    edgeRequired: {
      type: "array",
      items: { type: "string" },
      description: "Systems whose Ingress limits the rate itself.",
      default: ["archesai"],
    },
  },
  check(check, resource, { app, edgePerMinute, edgeRequired }) {
    const wanted = valueFor(app, resource) ?? {};
    for (const { name, value, bound } of containerVariables(check, resource)) {
      if (wanted[name] !== undefined && !bound) {
        check.expect(value, (text) => textOf(text) === wanted[name], { expected: wanted[name] });
      }
    }
    const most = valueFor(edgePerMinute, resource) ?? Infinity;
    rateRulesOf(check, resource).forEach((rule) => checkRateRule(check, rule, most));
    if (isIngress(resource)) {
      checkIngress(check, resource, most, edgeRequired.includes(systemOf(resource) ?? ""));
    }
  },
  checkStack(stack) {
    const balancers = ofType(stack, LOAD_BALANCER).filter(
      (one) => facesInternet(one) && balancerKind(one) === "application",
    );
    [...balancers, ...ofType(stack, DISTRIBUTION)].forEach((entry) => checkEntry(stack, entry));
  },
});

/** A rule counts in windows of one to ten minutes; what it allows is compared per minute. */
function checkRateRule(check: Check, rule: Field, most: number): void {
  const statement = rule.get("statement", "rateBasedStatement");
  const [limit, window] = [statement.get("limit"), statement.get("evaluationWindowSec")];
  const seconds = window.absent ? 300 : Number(window.value);
  if (check.known(window)) {
    check.expect(limit, (value) => (Number(value) * 60) / seconds <= most, {
      found: `${textOf(limit.value)} requests in ${String(seconds)} seconds`,
      expected: `at most ${String(most)} requests a minute`,
    });
  }
  check.expect(rule.get("action"), () => !rule.get("action", "block").absent, {
    expected: "block",
    fix: "Let the rule block what it only counts.",
  });
}

function checkIngress(check: Check, resource: Resource, most: number, required: boolean): void {
  const [rps, rpm] = [annotation(resource, RPS), annotation(resource, RPM)];
  if (required && check.known(rps) && rps.absent && rpm.absent) {
    check.object(rps, { expected: `at most ${String(most / 60)} requests a second` });
  }
  if (!rps.absent) {
    check.expect(rps, (value) => Number(value) > 0 && Number(value) * 60 <= most, {
      expected: `at most ${String(most / 60)} requests a second`,
    });
  }
  if (!rpm.absent) {
    check.expect(rpm, (value) => Number(value) > 0 && Number(value) <= most, { expected: `at most ${String(most)}` });
  }
}

/** Something before every public entry blocks an address that asks too often. */
function checkEntry(stack: Stack, entry: Stack["resources"][number]): void {
  const acls = webAclsOf(stack, entry);
  const rules = acls.flatMap((acl) => firewallRulesOf(stack.check(acl), acl));
  const undecided = acls.length === 0 ? hasForeignWebAcl(stack, entry) : acls.some(hasUnknownRules);
  if (!undecided && !rules.some((rule) => !rule.get("statement", "rateBasedStatement").absent)) {
    stack.check(entry).object(entry.properties, {
      found: "a public entry without a rate limit",
      expected: "a web ACL with a rate-based rule",
    });
  }
}

function hasUnknownRules({ properties }: Resource): boolean {
  return properties.get("rules").unknown || !properties.get("ruleJson").absent;
}
