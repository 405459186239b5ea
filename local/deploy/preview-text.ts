import { table } from "../table.ts";
import { costText } from "./cost.ts";
import type { PolicyFinding } from "./events.ts";
import type { Preview } from "./preview.ts";

/** A plan for people: what changes, what it costs, what the policies say, and the numbers. */
export function previewText({ resources, policies, summary, cost }: Preview): string {
  const rows = resources.map(({ type, name, protect }) => [type, name, protect ? "protected" : ""]);
  return [table(["TYPE", "NAME", ""], rows), cost ? costText(cost) : "", findingsText(policies), summaryText(summary)]
    .filter((part) => part !== "")
    .join("\n\n");
}

/** What the policies found, mandatory findings first. */
export function findingsText(findings: readonly PolicyFinding[]): string {
  return [...findings]
    .sort((a, b) => Number(b.level === "mandatory") - Number(a.level === "mandatory"))
    .map(({ level, message }) => `${level === "mandatory" ? "VIOLATION" : level.toUpperCase()} ${message}`)
    .join("\n\n");
}

/** The number of resources by operation as one sentence. */
export function summaryText(summary: Record<string, number>): string {
  const { same = 0, ...changes } = summary;
  const parts = Object.entries(changes).map(([operation, count]) => `${count} to ${operation}`);
  return `${parts.length === 0 ? "0 changes" : parts.join(", ")}; ${same} unchanged.`;
}
