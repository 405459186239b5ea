import type { Exemption, RegisteredExemption } from "./exemptions.ts";
import type { Check, Finding } from "./check.ts";
import { nameOf, type Controls, type Metadata } from "./policy.ts";

/** The public frameworks by their short names. */
export const FRAMEWORKS: Readonly<Record<keyof Controls, string>> = {
  pss: "PSS",
  nsa: "NSA",
  cis: "CIS Kubernetes",
  fsbp: "AWS FSBP",
  pci: "PCI DSS",
  soc2: "SOC 2",
};

/** One violation for a person to act on: policy, resource, property, found, expected, fix and where it is required. */
export function violationMessage(policy: Metadata, finding: Finding, rejected: readonly string[] = []): string {
  return [
    heading(policy, finding),
    `  found:    ${finding.found}`,
    `  expected: ${finding.expected}`,
    `  fix:      ${finding.fix ?? policy.remediation}`,
    `  required: ${references(policy)}`,
    `  more:     ${linkOf(policy)}`,
    ...rejected.map((sentence) => `  note:     ${sentence}`),
  ].join("\n");
}

/** Where a person reads more: the policy's page. */
export function linkOf({ id, link }: Metadata): string {
  return link ?? `docs/policies/${nameOf(id)}.md`;
}

/** A violation that an exemption covers, kept in sight until it ends. */
export function exemptedMessage(policy: Metadata, finding: Finding, { expires, owner, reason }: Exemption): string {
  return [heading(policy, finding), `  exempt until ${expires}, owner ${owner}: ${reason}`].join("\n");
}

/** All exemptions of the configuration with what has become of them. */
export function registerMessage(register: readonly RegisteredExemption[]): string {
  return register
    .map(({ state, label, findings, exemption: { policy, urn, path, reason, owner, expires } }) => {
      const place = path === undefined ? urn : `${urn} at ${path}`;
      const number = state === "used" ? ` (${findings} finding${findings === 1 ? "" : "s"})` : "";
      return `  ${state}: ${label}, ${policy} for ${place} until ${expires}, owner ${owner}: ${reason}${number}`;
    })
    .join("\n");
}

/** What could not be judged yet on one resource. */
export function notEvaluatedMessage(policy: Metadata, { resource, notEvaluated }: Check): string {
  return [
    `${policy.id}: ${policy.title}`,
    `  resource: ${resource.name} (${resource.type})`,
    ...notEvaluated.map((path) => `  not evaluated: ${path}`),
    "  These values are known only during the update, which enforces the policy on them.",
  ].join("\n");
}

/** Where a policy comes from: requirement ids, then the control ids of each framework. */
export function references({ requirements, controls }: Metadata): string {
  const named = (Object.keys(FRAMEWORKS) as (keyof Controls)[]).flatMap((framework) => {
    const ids = controls[framework] ?? [];
    return ids.length === 0 ? [] : [`${FRAMEWORKS[framework]} ${ids.join(", ")}`];
  });
  return [requirements.join(", "), ...named].filter((part) => part !== "").join("; ");
}

function heading(policy: Metadata, { resource, path }: Finding): string {
  return [
    `${policy.id}: ${policy.title}`,
    `  resource: ${resource.name} (${resource.type})`,
    `  property: ${path === "" ? "the resource itself" : path}`,
  ].join("\n");
}
