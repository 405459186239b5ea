import { createHash } from "node:crypto";
import { isAbsolute } from "node:path";

import { catalogue } from "../../policies/catalogue.ts";
import { linkOf, references } from "../../policies/frame/message.ts";
import type { Policy, Severity } from "../../policies/frame/policy.ts";
import type { Finding } from "./policy-finding.ts";
import type { PlanReport, PolicyReport } from "./policy-report.ts";
import { nameOf } from "./policy-text.ts";

/** Where the pages of the policies are read, such as `https://github.com/owner/name/blob/main/`. */
export interface SarifOptions {
  /** @default no links, only the paths of the pages */
  pages?: string;
}

/** GitHub sorts alerts by this number, a CVSS score. */
const scores: Record<Severity, string> = { critical: "9.5", high: "8.0", medium: "5.5", low: "2.0" };

const levels = { violation: "error", advice: "warning", exempt: "warning" } as const;

/** The report in SARIF 2.1.0. What is not evaluated is a notification of the run: nobody can act on it yet. */
export function sarif({ plans }: PolicyReport, { pages }: SarifOptions = {}): object {
  const rules = rulesOf(plans);
  const ids = rules.map(({ id }) => id);
  const told = plans.flatMap((plan) => plan.findings.map((finding) => ({ plan, finding })));
  const seen = new Map<string, number>();
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "agent-commerce policies", rules: rules.map((rule) => descriptor(rule, pages)) } },
        automationDetails: { id: "policies/" },
        columnKind: "utf16CodeUnits",
        invocations: [
          {
            executionSuccessful: true,
            toolExecutionNotifications: told
              .filter(({ finding }) => finding.kind === "not evaluated")
              .map(({ plan, finding }) => notification(plan, finding, ids)),
          },
        ],
        results: told
          .filter(({ finding }) => finding.kind !== "not evaluated")
          .map(({ plan, finding }) => result(plan, finding, ids, seen)),
      },
    ],
  };
}

interface Rule {
  id: string;
  policy?: Policy;
}

/** Every policy, and what else speaks for the pack. */
function rulesOf(plans: readonly PlanReport[]): Rule[] {
  const others = plans.flatMap(({ findings }) =>
    findings.flatMap(({ id, policy }) => (id === undefined ? [policy] : [])),
  );
  return [...catalogue.map((policy) => ({ id: policy.id, policy })), ...[...new Set(others)].map((id) => ({ id }))];
}

function descriptor({ id, policy }: Rule, pages: string | undefined): object {
  if (policy === undefined) return { id, shortDescription: { text: `Settings of the policy pack: ${id}` } };
  const { name, title, severity, level, remediation, requirements } = policy;
  const page = linkOf(policy);
  const url = /^https?:/.test(page) ? page : pages === undefined ? undefined : `${pages.replace(/\/?$/, "/")}${page}`;
  return {
    id,
    name,
    shortDescription: { text: title },
    fullDescription: { text: `${title}. Required by ${references(policy)}.` },
    help: {
      text: `${remediation} See ${url ?? page}.`,
      markdown: `${remediation}\n\nRequired by ${references(policy)}.\n\nSee [${page}](${url ?? page}).`,
    },
    ...(url !== undefined && { helpUri: url }),
    defaultConfiguration: { level: level === "mandatory" ? "error" : "warning" },
    properties: { "security-severity": scores[severity], tags: ["security", ...requirements] },
  };
}

function result(plan: PlanReport, finding: Finding, ids: readonly string[], seen: Map<string, number>): object {
  const { id, policy, kind, urn, property = "", message, severity, exemption } = finding;
  const rule = id ?? policy;
  return {
    ruleId: rule,
    ruleIndex: ids.indexOf(rule),
    kind: "fail",
    level: levels[kind as keyof typeof levels],
    message: { text: message },
    locations: [location(plan, finding)],
    partialFingerprints: { "policyResourceProperty/v1": fingerprint([nameOf(plan), rule, urn, property], seen) },
    ...(exemption !== undefined && {
      suppressions: [{ kind: "external", status: "accepted", justification: exemption }],
    }),
    properties: { severity, plan: nameOf(plan) },
  };
}

function notification(plan: PlanReport, finding: Finding, ids: readonly string[]): object {
  const rule = finding.id ?? finding.policy;
  return {
    level: "note",
    message: { text: finding.message },
    locations: [location(plan, finding)],
    associatedRule: { id: rule, index: ids.indexOf(rule) },
  };
}

function location({ source }: PlanReport, { urn, property = "" }: Finding): object {
  const physical = isAbsolute(source)
    ? { uri: `file://${encodeURI(source)}` }
    : { uri: encodeURI(source), uriBaseId: "%SRCROOT%" };
  const names = {
    name: urn.split("::").at(-1) ?? "",
    fullyQualifiedName: property === "" ? urn : `${urn}#${property}`,
  };
  return {
    physicalLocation: { artifactLocation: physical, region: { startLine: 1 } },
    ...(urn !== "" && { logicalLocations: [{ ...names, kind: "resource" }] }),
  };
}

/** The same for the same finding in the next run, whatever its words; twins at one place are counted. */
function fingerprint(parts: readonly string[], seen: Map<string, number>): string {
  const key = JSON.stringify(parts);
  const twin = seen.get(key) ?? 0;
  seen.set(key, twin + 1);
  return createHash("sha256").update(`${key} ${twin}`).digest("hex").slice(0, 32);
}
