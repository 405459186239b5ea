import { readFile } from "node:fs/promises";
import { join } from "node:path";

import { UserError } from "../../infra/errors.ts";
import type { AnalyzedResource } from "../../policies/analyzer.ts";
import { requirementCoverage, type Coverage } from "../../policies/coverage.ts";
import { project } from "../../stacks/config.ts";
import { analyzed, analyzeStates, type AnalyzedStack, type PolicyConfig } from "../pulumi/program/analyze.ts";
import { recordProgram } from "../pulumi/program/monitor.ts";
import { policyFindings } from "./events.ts";
import { stackPolicies } from "./policy-config.ts";
import { findingOf, inOrder, type Finding } from "./policy-finding.ts";
import { readState } from "./policy-state.ts";
import type { PreviewRequest } from "./preview.ts";
import {
  readStackFile,
  root,
  setting,
  settingTexts,
  stackNames,
  withDefaults,
  withOverrides,
  type Settings,
  type StackFile,
} from "./stack-file.ts";
import { standIns } from "./stand-ins.ts";

const targets = ["kubernetes", "ecs"] as const;

/** What the policies say to one plan, or to one state. */
export interface PlanReport {
  stack: string;
  /** Settings in the place of the stack's own. */
  overrides: Settings;
  /** The file that a person edits to change the plan: the stack's settings, or the state. */
  source: string;
  resources: number;
  findings: Finding[];
}

export interface PolicyReport {
  plans: PlanReport[];
  /** Ids of policies by the requirement they enforce. */
  coverage: Coverage;
}

interface Subject extends Omit<PlanReport, "findings" | "resources"> {
  resources: Pick<AnalyzedStack, "alone" | "together">;
  /** Of the stack's settings; a state tells none. */
  profile?: string;
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
 * Asks the policies about stacks as their first deployment would make them. The program runs without an engine.
 *
 * @param config the policies' configuration, as for the CLI; each stack's own when it is left out
 * @throws UserError when a stack's program, or its `policies.<stack>.json`, is refused
 */
export async function policyReport(plans: readonly PreviewRequest[], config?: PolicyConfig): Promise<PolicyReport> {
  const subjects: Subject[] = [];
  for (const plan of plans) subjects.push(await recorded(plan));
  return await report(subjects, config);
}

/**
 * Asks the policies about a state as `pulumi stack export` writes it.
 *
 * @throws UserError when the file is none
 */
export async function stateReport(file: string, config?: PolicyConfig): Promise<PolicyReport> {
  const text = await readFile(file, "utf8").catch(() => {
    throw new UserError({ where: "--file", message: `${file} cannot be read; write it with \`pulumi stack export\`.` });
  });
  const resources = readState(text, file);
  const stack = /^urn:pulumi:([^:]+)::/.exec(resources.alone[0]?.urn ?? "")?.[1] ?? "";
  return await report([{ stack, overrides: {}, source: file, resources }], config);
}

async function report(subjects: readonly Subject[], config: PolicyConfig | undefined): Promise<PolicyReport> {
  const configs = await Promise.all(
    subjects.map(
      async ({ stack, profile }) => config ?? (profile === undefined ? {} : await stackPolicies(stack, profile)),
    ),
  );
  const stacks = subjects.map(({ resources }, index) => ({ ...resources, config: configs[index] ?? {} }));
  const said = await analyzeStates(join(root, "policies"), stacks);
  const plans = subjects.map(({ resources, profile: _, ...subject }, index): PlanReport => {
    const findings = policyFindings((said[index] ?? []).map(asEvent)).map(findingOf);
    return { ...subject, resources: resources.alone.filter(isNoStack).length, findings: inOrder(findings) };
  });
  return { plans, coverage: requirementCoverage() };
}

async function recorded({ stack, overrides = {} }: PreviewRequest): Promise<Subject> {
  const file = withOverrides(await readStackFile(stack), overrides);
  const complete = withDefaults(file, await standIns(file));
  const config = settingTexts(complete);
  const program = { cwd: root, entry: "stacks", project, stack, config, secretKeys: secretKeys(file) };
  const { resources, logs, printed, exitCode } = await recordProgram(program);
  if (exitCode !== 0) {
    const said = logs.filter(({ severity }) => severity === "error").map(({ message }) => message.trim());
    const message = `no plan could be made:\n${said.length > 0 ? said.join("\n") : printed.trim()}`;
    throw new UserError({ where: stack, message });
  }
  const seen = { alone: analyzed(resources, "inputs"), together: analyzed(resources, "outputs") };
  const profile = setting(complete, "profile");
  return {
    stack,
    overrides,
    source: `Pulumi.${stack}.yaml`,
    resources: seen,
    ...(typeof profile === "string" ? { profile } : {}),
  };
}

function secretKeys({ config }: StackFile): string[] {
  return Object.keys(config).filter((key) => JSON.stringify(config[key]).includes('"secure":'));
}

function asEvent({ policy, level, urn, message }: { policy: string; level: string; urn: string; message: string }) {
  return {
    policyEvent: { policyName: policy, policyPackName: "", enforcementLevel: level, resourceUrn: urn, message },
  };
}

const isNoStack = ({ type }: AnalyzedResource) => type !== "pulumi:pulumi:Stack";
