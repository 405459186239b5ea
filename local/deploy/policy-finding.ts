import { catalogue } from "../../policies/catalogue.ts";
import type { Severity } from "../../policies/frame/policy.ts";
import type { PolicyFinding } from "./events.ts";

/** What a policy says of one place, taken apart. */
export interface Finding extends PolicyFinding {
  /** The policy's id; absent for what keeps the exemptions and settings of the pack. */
  id?: string;
  severity: Severity;
  kind: "violation" | "advice" | "exempt" | "not evaluated";
  /** Empty when the finding is about the resource itself. */
  property?: string;
  found?: string;
  expected?: string;
  fix?: string;
  /** Until when, by whom and why the violation is accepted. */
  exemption?: string;
  /** What is known only during the update. */
  notEvaluated?: string[];
}

/** Most severe first. */
export const severities = ["critical", "high", "medium", "low"] as const;

/** Reads the parts of a finding from its message. */
export function findingOf({ policy, level, urn, message }: PolicyFinding): Finding {
  const line = (name: string) => new RegExp(`^ {2}${name}: *(.*)$`, "m").exec(message)?.[1];
  const known = catalogue.find(({ name }) => name === policy);
  const exemption = /^ {2}exempt (until .*)$/m.exec(message)?.[1];
  const open = [...message.matchAll(/^ {2}not evaluated: (.*)$/gm)].map(([, path = ""]) => path);
  const property = line("property");
  const parts = {
    ...(known && { id: known.id }),
    ...(property !== undefined && { property: property === "the resource itself" ? "" : property }),
    found: line("found"),
    expected: line("expected"),
    fix: line("fix"),
    exemption,
    ...(open.length > 0 && { notEvaluated: open }),
  };
  return {
    policy,
    level,
    severity: known?.severity ?? "medium",
    kind: kindOf(level, exemption !== undefined, open.length > 0),
    urn,
    message,
    ...(Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as Partial<Finding>),
  };
}

function kindOf(level: string, exempt: boolean, open: boolean): Finding["kind"] {
  if (exempt) return "exempt";
  if (open) return "not evaluated";
  return level === "mandatory" ? "violation" : "advice";
}

/** Findings in the order in which a person should read them. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  const kinds: Finding["kind"][] = ["violation", "advice", "exempt", "not evaluated"];
  const rank = ({ kind, severity }: Finding) => kinds.indexOf(kind) * 10 + severities.indexOf(severity);
  const key = ({ policy, urn, property = "" }: Finding) => `${policy} ${urn} ${property}`;
  return [...findings].sort((a, b) => rank(a) - rank(b) || (key(a) < key(b) ? -1 : 1));
}
