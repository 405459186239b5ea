export * from "../analyzer.ts";
export type { AnalyzedResource as TestResource } from "../analyzer.ts";
