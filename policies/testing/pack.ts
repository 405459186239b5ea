import { join } from "node:path";
import { after, before } from "mocha";
import { startAnalyzer, type Analyzer, type PackConfig, type Report, type TestResource } from "./analyzer.ts";

let analyzer: Analyzer | undefined;

// Root hooks: one server answers for every test file of the run.
before(async function () {
  this.timeout(30_000);
  analyzer = await startAnalyzer(join(import.meta.dirname, ".."));
});

after(() => analyzer?.close());

function running(): Analyzer {
  if (analyzer === undefined) {
    throw new Error("The policy server runs only while tests run.");
  }
  return analyzer;
}

/** What the whole pack reports about a resource under a configuration. */
export async function analyze(resource: TestResource, config: PackConfig = {}): Promise<Report[]> {
  await running().configure(config);
  return running().analyze(resource);
}

/** What the whole pack reports about a stack; each resource is judged alone first, as the engine does. */
export async function analyzeStack(resources: readonly TestResource[], config: PackConfig = {}): Promise<Report[]> {
  await running().configure(config);
  const reports: Report[] = [];
  for (const resource of resources) {
    reports.push(...(await running().analyze(resource)));
  }
  return [...reports, ...(await running().analyzeStack(resources))];
}

/**
 * A resource as the remediations of some policies leave it, in the order of the pack, and the names of those that changed
 * it.
 */
export async function remediate(
  policies: readonly string[],
  resource: TestResource,
  config: PackConfig = {},
): Promise<{ resource: TestResource; changedBy: string[] }> {
  const levels = policies.map((policy) => [policy, { ...config[policy], level: "remediate" }] as const);
  await running().configure({ ...config, ...Object.fromEntries(levels) });
  const remediations = await running().remediate(resource);
  const properties = remediations.at(-1)?.properties ?? resource.properties;
  return { resource: { ...resource, properties }, changedBy: remediations.map(({ policy }) => policy) };
}

/** What one policy says, one line for each finding: `<level> <property>: <found>`, or what it did not evaluate. */
export async function verdict(policy: string, resource: TestResource, config?: PackConfig): Promise<string[]> {
  return summarise(policy, await analyze(resource, config));
}

/** As `verdict`, for a stack. */
export async function stackVerdict(
  policy: string,
  resources: readonly TestResource[],
  config?: PackConfig,
): Promise<string[]> {
  return summarise(policy, await analyzeStack(resources, config));
}

function summarise(policy: string, reports: readonly Report[]): string[] {
  return reports.filter((report) => report.policy === policy).flatMap(summary);
}

function summary({ level, message }: Report): string[] {
  const property = /^ {2}property: (.*)$/m.exec(message)?.[1];
  const found = /^ {2}found: {4}(.*)$/m.exec(message)?.[1];
  const exempt = /^ {2}(exempt until .*)$/m.exec(message)?.[1];
  if (property !== undefined) {
    return [`${level} ${property}: ${exempt ?? found}`];
  }
  const open = [...message.matchAll(/^ {2}not evaluated: (.*)$/gm)].map(
    ([, path]) => `${level} not evaluated: ${path}`,
  );
  return open.length > 0 ? open : [`${level} ${message}`];
}
