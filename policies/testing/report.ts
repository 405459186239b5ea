import type { PackConfig, Report, TestResource } from "./analyzer.ts";
import { analyze, analyzeStack } from "./pack.ts";

/** The first report of a policy about one resource. */
export async function reportOf(
  policy: string,
  resource: TestResource,
  config?: PackConfig,
): Promise<Report | undefined> {
  return (await analyze(resource, config)).find((report) => report.policy === policy);
}

/** The first report of a policy about a stack: its level, and its lines down to the requirements. */
export async function firstReport(policy: string, ...resources: readonly TestResource[]): Promise<string[]> {
  const reports = await analyzeStack(resources);
  const report = reports.find((candidate) => candidate.policy === policy);
  return report === undefined ? [] : [report.level, ...report.message.split("\n").slice(0, 7)];
}
