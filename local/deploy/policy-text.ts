import { controlCoverage, requirementCoverage } from "../../policies/coverage.ts";
import { table } from "../table.ts";
import { severities, type Finding } from "./policy-finding.ts";
import type { PlanReport, PolicyReport } from "./policy-report.ts";

/** A report for people: one line when there is nothing to do, else each finding, the plans and a sum by severity. */
export function policyReportText({ plans }: PolicyReport): string {
  const all = plans.flatMap(({ findings }) => findings);
  const told = all.filter(({ kind }) => kind !== "not evaluated");
  if (told.length === 0) return summary(plans, all);
  const rows = plans.map((plan) => [
    nameOf(plan),
    String(plan.resources),
    ...(["violation", "advice", "exempt"] as const).map((kind) => String(count(plan.findings, kind))),
  ]);
  return [
    ...plans.flatMap((plan) => planText(plan, plans.length > 1)),
    table(["PLAN", "RESOURCES", "VIOLATIONS", "ADVICE", "EXEMPT"], rows),
    summary(plans, all),
  ].join("\n\n");
}

/** What the pack enforces: requirements and controls with the policies that answer for them. */
export function coverageText(): string {
  const rows = (coverage: ReturnType<typeof requirementCoverage>) =>
    Object.entries(coverage).map(([item, policies]) => [item, policies.join(", ")]);
  const frameworks = ["pss", "nsa", "cis", "fsbp", "pci", "soc2"] as const;
  return [
    table(["REQUIREMENT", "ENFORCED BY"], rows(requirementCoverage())),
    ...frameworks.map((framework) => table([framework.toUpperCase(), "ENFORCED BY"], rows(controlCoverage(framework)))),
  ].join("\n\n");
}

/** The plan for people: `prod on kubernetes`. */
export function nameOf({ stack, overrides, source }: Pick<PlanReport, "stack" | "overrides" | "source">): string {
  const settings = source.startsWith("Pulumi.") ? "" : ` in ${source}`;
  return [stack, ...Object.values(overrides)].join(" on ") + settings;
}

function planText(plan: PlanReport, several: boolean): string[] {
  const texts = plan.findings
    .filter(({ kind }) => kind !== "not evaluated")
    .map(({ kind, severity, message }) => `${kind.toUpperCase()} (${severity}) ${message}`);
  return several && texts.length > 0 ? [`${nameOf(plan)}:`, ...texts] : texts;
}

function summary(plans: readonly PlanReport[], findings: readonly Finding[]): string {
  const violations = findings.filter(({ kind }) => kind === "violation");
  const bySeverity = severities
    .map((severity) => [violations.filter((finding) => finding.severity === severity).length, severity] as const)
    .filter(([number]) => number > 0)
    .map(([number, severity]) => `${number} ${severity}`);
  const resources = plans.reduce((sum, plan) => sum + plan.resources, 0);
  const open = findings.reduce((sum, { notEvaluated = [] }) => sum + notEvaluated.length, 0);
  return [
    violations.length === 0 ? "No violation" : `${plural(violations.length, "violation")} (${bySeverity.join(", ")})`,
    ` in ${plural(resources, "resource")} of ${plural(plans.length, "plan")}`,
    ...(["advice", "exempt"] as const).map((kind) =>
      count(findings, kind) > 0 ? `, ${count(findings, kind)} ${kind}` : "",
    ),
    open > 0 ? `; ${plural(open, "value")} known only during the update.` : ".",
  ].join("");
}

function count(findings: readonly Finding[], kind: Finding["kind"]): number {
  return findings.filter((finding) => finding.kind === kind).length;
}

function plural(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
