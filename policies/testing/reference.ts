import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { dump } from "js-yaml";
import { catalogue } from "../catalogue.ts";
import { frameworks, markdownTable } from "../coverage-page.ts";
import type { Controls, Policy } from "../frame/policy.ts";
import { UNKNOWN, type TestResource } from "./analyzer.ts";
import { examplesOf, type Example } from "./examples.ts";

const NOTICE =
  "Generated: `UPDATE_GOLDEN=1 npm test -- policies/reference.test.ts` writes it, and that test compares it with the code.";

/** The page of all policies, in Markdown. */
export function indexPage(policies: readonly Policy[] = catalogue): string {
  const rows = policies.map(({ id, name, title, severity, level, targets }) => [
    `[${id}](${name}.md)`,
    title,
    severity,
    level,
    targets.join(", "),
  ]);
  return [
    "# Policies",
    NOTICE,
    "Which requirement and which control of a framework each one answers for is in [coverage.md](coverage.md).",
    markdownTable(["policy", "title", "severity", "level", "targets"], rows),
  ].join("\n\n");
}

/** The reference page of a policy, in Markdown. */
export async function referencePage(policy: Policy): Promise<string> {
  const { id, name, title, severity, level, targets, exemptable = true, remediation, remediate, parameters } = policy;
  const [reason, examples] = [await reasonOf(policy), await examplesOf(name)];
  return [
    `# ${id}`,
    NOTICE,
    `${title}.`.replace(/\.\.$/, "."),
    ...(reason === undefined ? [] : ["## Why", reason]),
    markdownTable(
      ["name", "severity", "level", "targets", "judges", "exemptions"],
      [[`\`${name}\``, severity, level, targets.join(", "), judges(policy), exemptable ? "accepted" : "never"]],
    ),
    "## Fix",
    remediation,
    ...(remediate ? ["At the level `remediate` the policy sets what has one right value by itself."] : []),
    ...parametersText(parameters),
    "## Required by",
    markdownTable(["source", "ids"], sources(policy)),
    ...(examples?.good ?? []).flatMap((example, index) => [
      ...(index === 0 ? ["## Accepted"] : []),
      ...exampleText(example),
    ]),
    ...(examples?.bad ?? []).flatMap((example, index) => [
      ...(index === 0 ? ["## Rejected"] : []),
      ...exampleText(example),
      `It names \`${example.property === "" ? "the resource itself" : example.property}\`.`,
    ]),
  ].join("\n\n");
}

function judges({ check, checkStack }: Policy): string {
  return [...(check ? ["each resource"] : []), ...(checkStack ? ["the stack"] : [])].join(", ");
}

/** The sentence above the policy in its file. */
async function reasonOf({ name }: Policy): Promise<string | undefined> {
  const text = await readFile(join(import.meta.dirname, "..", "rules", `${name}.ts`), "utf8");
  const comment = /\/\*\*((?:(?!\*\/).)*)\*\/\s*export const \w+ = definePolicy/s.exec(text)?.[1];
  return comment
    ?.split("\n")
    .map((line) => line.replace(/^\s*\* ?/, "").trim())
    .join("\n")
    .trim();
}

function parametersText(parameters: Policy["parameters"]): string[] {
  const rows = Object.entries(parameters).map(([name, schema]) => [
    `\`${name}\``,
    String(schema.type ?? ""),
    `\`${JSON.stringify(schema.default)}\``,
    schema.description,
  ]);
  return rows.length === 0 ? [] : ["## Parameters", markdownTable(["name", "type", "default", "meaning"], rows)];
}

function sources({ requirements, controls }: Policy): string[][] {
  const named = (Object.keys(frameworks) as (keyof Controls)[]).map((framework) => [
    frameworks[framework],
    (controls[framework] ?? []).join(", "),
  ]);
  return [["requirements", requirements.join(", ")], ...named].filter(([, ids]) => ids !== "");
}

function exampleText({ title, resources }: Example): string[] {
  return [`### ${title}`, `\`\`\`yaml\n${resources.map(resourceText).join("---\n")}\`\`\``];
}

function resourceText({ type, name = "subject", properties, protect }: TestResource): string {
  const shown = { type, name, ...(protect ? { protect } : {}), properties: visible(properties) };
  return dump(JSON.parse(JSON.stringify(shown)), { noRefs: true, lineWidth: 110 });
}

/** Unknown and secret values in words. */
function visible(value: unknown): unknown {
  if (value === UNKNOWN) return "(known only during the update)";
  if (Array.isArray(value)) return value.map(visible);
  if (typeof value !== "object" || value === null) return value;
  if ("4dabf18193072939515e22adb298388d" in value) return "(secret)";
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, visible(part)]));
}
