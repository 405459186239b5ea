import { requirementCoverage, type Coverage } from "../../policies/coverage.ts";
import { systemNames } from "../../stacks/systems.ts";
import { table } from "../table.ts";
import type { PolicyFinding } from "./events.ts";
import { findingsText } from "./preview-text.ts";
import { preview } from "./preview.ts";

/** The targets that the program can plan for. */
const targets = ["kubernetes"] as const;

/** What the policies say to one plan. */
export interface PlanReport {
  stack: string;
  /** Settings in the place of the stack's own. */
  overrides: Record<string, string>;
  resources: number;
  findings: PolicyFinding[];
}

export interface PolicyReport {
  plans: PlanReport[];
  /** Ids of policies by the requirement they enforce. */
  coverage: Coverage;
}

/** Every system on every target, planned with the settings of one stack. */
export function everyPlan(): Record<string, string>[] {
  return systemNames.flatMap((system) => targets.map((target) => ({ system, target })));
}

/**
 * Plans a stack, or it with other settings, and asks the policies.
 *
 * @throws UserError when a plan cannot be made
 */
export async function policyReport(stack: string, plans: readonly Record<string, string>[]): Promise<PolicyReport> {
  const reports: PlanReport[] = [];
  for (const overrides of plans) {
    const { resources, policies } = await preview({ stack, overrides });
    reports.push({ stack, overrides, resources: resources.length, findings: policies });
  }
  return { plans: reports, coverage: requirementCoverage() };
}

/** A report for people: a table of the plans, the findings, and what the pack enforces. */
export function policyReportText({ plans, coverage }: PolicyReport): string {
  const count = (findings: readonly PolicyFinding[], level: string) =>
    String(findings.filter((finding) => finding.level === level).length);
  const rows = plans.map(({ stack, overrides, resources, findings }) => [
    [stack, ...Object.values(overrides)].join(" "),
    String(resources),
    count(findings, "mandatory"),
    count(findings, "advisory"),
  ]);
  const requirements = Object.entries(coverage).map(([requirement, policies]) => [requirement, policies.join(", ")]);
  return [
    table(["PLAN", "RESOURCES", "VIOLATIONS", "ADVICE"], rows),
    ...plans.map(({ findings }) => findingsText(findings)).filter((text) => text !== ""),
    table(["REQUIREMENT", "ENFORCED BY"], requirements),
  ].join("\n\n");
}
