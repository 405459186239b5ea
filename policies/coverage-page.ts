import { catalogue } from "./catalogue.ts";
import { controlCoverage, requirementCoverage } from "./coverage.ts";
import { items, type Enforcement } from "./coverage-items.ts";
import type { Controls, Policy } from "./frame/policy.ts";

/** Where to look for what enforces an item beside the policies. */
const kinds: Readonly<Record<Enforcement, string>> = {
  policy: "a policy that judges one resource",
  "stack-policy": "a policy that judges the stack as a whole",
  provisioned: "a resource or setting that the program makes, tested in `infra/`",
  app: "code of the application, tested in `app/`",
  process: "what people do, described in `docs/`",
};

export const frameworks: Readonly<Record<keyof Controls, string>> = {
  pss: "Pod Security Standards",
  nsa: "NSA/CISA Kubernetes hardening guidance",
  cis: "CIS Kubernetes Benchmark 1.12",
  fsbp: "AWS Foundational Security Best Practices",
  pci: "PCI DSS 4.0",
  soc2: "SOC 2",
};

/** The items that a policy has to enforce: those marked `policy` or `stack-policy`. */
export function policyItems(): string[] {
  return Object.keys(items).filter((item) => items[item]?.some(isPolicy));
}

/** The items that a policy has to enforce and none does. */
export function uncoveredItems(policies: readonly Policy[] = catalogue): string[] {
  const coverage = requirementCoverage(policies);
  return policyItems().filter((item) => coverage[item] === undefined);
}

/** The coverage matrix in Markdown: each item and each control with the policies that answer for it. */
export function coveragePage(policies: readonly Policy[] = catalogue): string {
  const coverage = requirementCoverage(policies);
  const wanted = policyItems();
  const missing = uncoveredItems(policies);
  const rows = Object.entries(items).map(([item, enforcement]) => {
    const others = enforcement.filter((kind) => !isPolicy(kind));
    return [item, enforcement[0] ?? "", policiesText(coverage[item], enforcement.some(isPolicy)), others.join(", ")];
  });
  const elsewhere = Object.entries(coverage).filter(([item]) => items[item] === undefined);
  return [
    "# Coverage",
    `Written by \`UPDATE_GOLDEN=1 npm test -- policies/reference.test.ts\`; that test compares it with the code.`,
    `${wanted.length - missing.length} of the ${wanted.length} security items that a policy has to enforce are enforced by one of ${policies.length} policies.`,
    ...(missing.length === 0 ? [] : [`Not yet: ${missing.join(", ")}.`]),
    "## Security items",
    markdownTable(
      ["how", "where"],
      Object.entries(kinds).map(([kind, where]) => [kind, where]),
    ),
    markdownTable(["item", "above all", "policies", "and by"], rows),
    ...(elsewhere.length === 0
      ? []
      : [
          "## Other items",
          markdownTable(
            ["item", "policies"],
            elsewhere.map(([item, ids]) => [item, links(ids)]),
          ),
        ]),
    ...(Object.keys(frameworks) as (keyof Controls)[]).flatMap((framework) => controls(framework, policies)),
  ].join("\n\n");
}

function controls(framework: keyof Controls, policies: readonly Policy[]): string[] {
  const coverage = Object.entries(controlCoverage(framework, policies));
  const rows = coverage.map(([control, ids]) => [control, links(ids)]);
  return [`## ${frameworks[framework]}`, `${rows.length} controls.`, markdownTable(["control", "policies"], rows)];
}

function policiesText(ids: readonly string[] | undefined, wanted: boolean): string {
  if (ids !== undefined) return links(ids);
  return wanted ? "**none**" : "";
}

function links(ids: readonly string[]): string {
  return ids.map((id) => `[${id}](${id.slice("POL-".length).toLowerCase()}.md)`).join(", ");
}

function isPolicy(kind: Enforcement): boolean {
  return kind === "policy" || kind === "stack-policy";
}

/** A table in Markdown; bars within cells are escaped. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}
