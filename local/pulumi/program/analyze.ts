import { startAnalyzer, type AnalyzedResource, type PackConfig, type Report } from "../../../policies/analyzer.ts";
import { cachePath } from "../../cache.ts";
import { encodeProperties, type Properties } from "../plugins/values.ts";
import type { RecordedResource } from "./recording.ts";

/** The policies' configuration, by policy, as in the file given to `--policy-pack-config`. */
export type PolicyConfig = Record<string, string | ({ enforcementLevel?: string } & Record<string, unknown>)>;

/** What a policy says; without a URN it speaks of the stack as a whole. */
export type Violation = Report;

/**
 * Starts a policy pack with the SDK's own runner and shows it a program's resources as the engine does: each one by its
 * inputs, then all of them by their outputs.
 *
 * @param subject.pack the folder with PulumiPolicy.yaml
 * @throws Error with what the pack printed when it does not start
 */
export async function analyze(subject: {
  pack: string;
  resources: readonly RecordedResource[];
  config?: PolicyConfig;
}): Promise<Violation[]> {
  const { pack, resources, config = {} } = subject;
  const [alone, together] = [analyzed(resources, "inputs"), analyzed(resources, "outputs")];
  return await analyzeStates(pack, [{ alone, together, config }]).then(([violations = []]) => violations);
}

/** Resources as a policy sees them one by one and in the stack. */
export interface AnalyzedStack {
  alone: readonly AnalyzedResource[];
  together: readonly AnalyzedResource[];
  /** @default {} */
  config?: PolicyConfig;
}

/** As `analyze`, for several stacks by one policy pack. */
export async function analyzeStates(pack: string, stacks: readonly AnalyzedStack[]): Promise<Violation[][]> {
  const compiled = process.env["NODE_COMPILE_CACHE"] ?? cachePath("compiled");
  const analyzer = await startAnalyzer(pack, { ...process.env, NODE_COMPILE_CACHE: compiled });
  try {
    const reports: Violation[][] = [];
    for (const { alone, together, config = {} } of stacks) {
      await analyzer.configure(packConfig(config));
      const violations: Violation[] = [];
      for (const resource of alone) violations.push(...(await analyzer.analyze(resource)));
      reports.push([...violations, ...(await analyzer.analyzeStack(together))]);
    }
    return reports;
  } finally {
    await analyzer.close();
  }
}

/** Resources of a program as the policies see them by their inputs or by their outputs. */
export function analyzed(resources: readonly RecordedResource[], side: "inputs" | "outputs"): AnalyzedResource[] {
  const one = (resource: RecordedResource): AnalyzedResource => {
    const { urn, type, name, parent, options } = resource;
    const { protect, dependencies, propertyDependencies } = options;
    return { urn, type, name, parent, properties: wire(resource[side]), protect, dependencies, propertyDependencies };
  };
  return resources.map((resource) => {
    const provider = resources.find(({ urn }) => resource.options.provider.startsWith(`${urn}::`));
    return { ...one(resource), ...(provider && { provider: one({ ...provider, outputs: provider.inputs }) }) };
  });
}

const wire = (properties: Properties) => encodeProperties(properties).toJavaScript();

function packConfig(config: PolicyConfig): PackConfig {
  return Object.fromEntries(
    Object.entries(config).map(([policy, entry]) => {
      const { enforcementLevel, ...parameters } = typeof entry === "string" ? { enforcementLevel: entry } : entry;
      const level = (enforcementLevel ?? "mandatory") as NonNullable<PackConfig[string]["level"]>;
      return [policy, { level, parameters }];
    }),
  );
}
