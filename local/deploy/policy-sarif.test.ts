import assert from "node:assert/strict";

import { catalogue } from "../../policies/catalogue.ts";
import { findingOf, inOrder } from "./policy-finding.ts";
import type { PlanReport, PolicyReport } from "./policy-report.ts";
import { sarif } from "./policy-sarif.ts";
import { policyReportText } from "./policy-text.ts";

const urn = "urn:pulumi:dev::agent-commerce::kubernetes:apps/v1:Deployment::agent";
const heading = (property = "spec.template.spec.containers[0].image") =>
  [
    "POL-IMG-PINNED: Container images carry a version, commit tag or digest",
    "  resource: agent (kubernetes:apps/v1:Deployment)",
    `  property: ${property}`,
  ].join("\n");
const violation = {
  policy: "img-pinned",
  level: "mandatory",
  urn,
  message: `${heading()}\n  found:    "agent:latest"\n  expected: a version\n  fix:      Name it.\n  required: WS-SEC-45`,
};
const exempt = {
  ...violation,
  level: "advisory",
  message: `${heading("spec.x")}\n  exempt until 2026-09-30, owner platform: a reason`,
};
const open = {
  ...violation,
  level: "advisory",
  message:
    "POL-IMG-PINNED: Title\n  resource: agent (x)\n  not evaluated: spec.a\n  not evaluated: spec.b\n  These values",
};
const unused = { policy: "exemptions-unused", level: "advisory", urn: "", message: "exemptions[0] exempts nothing." };

const plan = (findings: (typeof violation)[], source = "Pulumi.dev.yaml"): PlanReport => ({
  stack: "dev",
  overrides: {},
  source,
  resources: 7,
  findings: inOrder(findings.map(findingOf)),
});
const report = (...plans: PlanReport[]): PolicyReport => ({ plans, coverage: {} });

interface Sarif {
  version: string;
  runs: {
    tool: { driver: { rules: { id: string; helpUri?: string; help?: { text: string }; properties?: object }[] } };
    invocations: { toolExecutionNotifications: { level: string; associatedRule: { id: string; index: number } }[] }[];
    results: {
      ruleId: string;
      ruleIndex: number;
      level: string;
      message: { text: string };
      suppressions?: object[];
      partialFingerprints: Record<string, string>;
      locations: {
        physicalLocation: { artifactLocation: object; region: object };
        logicalLocations?: { fullyQualifiedName: string }[];
      }[];
    }[];
  }[];
}
const logOf = (given: PolicyReport, pages?: string) => {
  const [run] = (sarif(given, pages === undefined ? {} : { pages }) as Sarif).runs;
  assert.ok(run);
  return run;
};

describe("A policy report as text", () => {
  it("is one line when nothing is to be done, with what is known only later", () => {
    assert.equal(policyReportText(report(plan([]))), "No violation in 7 resources of 1 plan.");
    assert.equal(
      policyReportText(report(plan([open]), plan([]))),
      "No violation in 14 resources of 2 plans; 2 values known only during the update.",
    );
  });

  it("has violations first, then what is exempt, and ends with a sum by severity", () => {
    const text = policyReportText(report(plan([exempt, violation, open, unused])));
    const order = [
      "VIOLATION (high) POL-IMG-PINNED",
      "ADVICE (medium) exemptions[0]",
      "EXEMPT (high) POL-IMG-PINNED",
      "PLAN",
    ];
    const places = order.map((part) => text.indexOf(part));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(
      places.every((place) => place >= 0),
      text,
    );
    assert.doesNotMatch(text, /not evaluated/);
    assert.match(text, /^dev +7 +1 +1 +1$/m);
    assert.ok(
      text.endsWith(
        "1 violation (1 high) in 7 resources of 1 plan, 1 advice, 1 exempt; 2 values known only during the update.",
      ),
      text,
    );
  });
});

describe("A policy report as SARIF", () => {
  const run = logOf(report(plan([violation, exempt, open, unused])));
  const result = (message: RegExp) => run.results.find(({ message: { text } }) => message.test(text));

  it("has every policy as a rule with help, severity and requirements, and results that point at them", () => {
    const { rules } = run.tool.driver;
    assert.deepEqual(
      rules.map(({ id }) => id),
      [...catalogue.map(({ id }) => id), "exemptions-unused"],
    );
    for (const { ruleId, ruleIndex } of run.results) assert.equal(rules[ruleIndex]?.id, ruleId);
    const pinned = rules.find(({ id }) => id === "POL-IMG-PINNED");
    assert.match(pinned?.help?.text ?? "", /^Name the version.* See docs\/policies\/img-pinned\.md\.$/);
    assert.equal(pinned?.helpUri, undefined);
    assert.deepEqual(pinned?.properties, {
      "security-severity": "8.0",
      tags: ["security", "WS-SEC-45", "EB-SEC-28", "AR-SEC-36"],
    });
    const linked = logOf(report(plan([])), "https://forge.example/team/shop/blob/main").tool.driver.rules;
    assert.equal(
      linked.find(({ id }) => id === "POL-IMG-PINNED")?.helpUri,
      "https://forge.example/team/shop/blob/main/docs/policies/img-pinned.md",
    );
  });

  it("makes errors of violations and warnings of advice, and suppresses what is exempt", () => {
    assert.equal(result(/agent:latest/)?.level, "error");
    assert.equal(result(/agent:latest/)?.suppressions, undefined);
    assert.equal(result(/exempts nothing/)?.level, "warning");
    assert.deepEqual(result(/exempt until/)?.suppressions, [
      { kind: "external", status: "accepted", justification: "until 2026-09-30, owner platform: a reason" },
    ]);
  });

  it("keeps what is not evaluated out of the results", () => {
    assert.equal(run.results.length, 3);
    const index = catalogue.findIndex(({ id }) => id === "POL-IMG-PINNED");
    const [notification, ...others] = run.invocations[0]?.toolExecutionNotifications ?? [];
    assert.deepEqual(others, []);
    assert.equal(notification?.level, "note");
    assert.deepEqual(notification.associatedRule, { id: "POL-IMG-PINNED", index });
  });

  it("points at the file of the settings, and names resource and property", () => {
    const [location] = result(/agent:latest/)?.locations ?? [];
    assert.deepEqual(location?.physicalLocation, {
      artifactLocation: { uri: "Pulumi.dev.yaml", uriBaseId: "%SRCROOT%" },
      region: { startLine: 1 },
    });
    assert.equal(location.logicalLocations?.[0]?.fullyQualifiedName, `${urn}#spec.template.spec.containers[0].image`);
    assert.equal(result(/exempts nothing/)?.locations[0]?.logicalLocations, undefined);
    const [state] = logOf(report(plan([violation], "/tmp/my state.json"))).results;
    assert.deepEqual(state?.locations[0]?.physicalLocation.artifactLocation, { uri: "file:///tmp/my%20state.json" });
  });

  it("gives each finding a fingerprint that words do not change and places do", () => {
    const prints = (...findings: (typeof violation)[]) =>
      logOf(report(plan(findings))).results.map(({ partialFingerprints }) => Object.values(partialFingerprints)[0]);
    const reworded = { ...violation, message: violation.message.replace("a version", "a digest") };
    assert.deepEqual(prints(violation), prints(reworded));
    assert.notDeepEqual(prints(violation), prints({ ...violation, urn: `${urn}2` }));
    assert.equal(new Set(prints(violation, reworded, exempt)).size, 3);
  });
});
