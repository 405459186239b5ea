import { requirementCoverage, type Coverage } from "../../policies/coverage.ts";
import { table } from "../table.ts";
import type { PolicyFinding } from "./events.ts";
import { findingsText } from "./preview-text.ts";
import { preview, type PreviewRequest } from "./preview.ts";
import { readStackFile, setting, stackNames, type Settings } from "./stack-file.ts";

const targets = ["kubernetes", "ecs"] as const;

/** What the policies say to one plan. */
export interface PlanReport {
  stack: string;
  /** Settings in the place of the stack's own. */
  overrides: Settings;
  resources: number;
  findings: PolicyFinding[];
}

export interface PolicyReport {
  plans: PlanReport[];
  /** Ids of policies by the requirement they enforce. */
  coverage: Coverage;
}

/** Every committed stack on its own target, and on the other one too when it has what both need: settings for AWS. */
export async function everyPlan(): Promise<PreviewRequest[]> {
  const plans = (await stackNames()).map(async (stack) => {
    const file = await readStackFile(stack);
    if (setting(file, "aws") === undefined) return [{ stack }];
    return targets.map((target) => ({
      stack,
      ...(setting(file, "target") === target ? {} : { overrides: { target } }),
    }));
  });
  return (await Promise.all(plans)).flat();
}

/**
 * Plans stacks and asks the policies.
 *
 * @throws UserError when a plan cannot be made
 */
export async function policyReport(plans: readonly PreviewRequest[]): Promise<PolicyReport> {
  const reports: PlanReport[] = [];
  for (const { stack, overrides = {} } of plans) {
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
    [stack, ...Object.values(overrides)].join(" on "),
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
