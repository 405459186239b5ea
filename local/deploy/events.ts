import { isDeepStrictEqual } from "node:util";

/** What the engine tells while it works; of each event one member is present. */
export interface EngineEvent {
  policyEvent?: {
    resourceUrn?: string;
    message: string;
    policyName: string;
    policyPackName: string;
    enforcementLevel: string;
  };
  resourcePreEvent?: { metadata: StepMetadata; planning?: boolean };
  resOutputsEvent?: { metadata: StepMetadata; planning?: boolean };
  resOpFailedEvent?: { metadata: StepMetadata };
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
  summaryEvent?: { resourceChanges?: Record<string, number>; isPreview?: boolean; result?: string };
}

/** One operation on one resource. */
export interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  old?: { outputs?: Record<string, unknown> } | null;
  new?: { outputs?: Record<string, unknown> } | null;
}

/** The type of the resource that stands for the stack itself. */
export const stackType = "pulumi:pulumi:Stack";

/** A finding of a policy pack. */
export interface PolicyFinding {
  policy: string;
  level: string;
  urn: string;
  message: string;
}

/**
 * The event in a line of the engine's output; undefined when the line is none.
 *
 * @param reviver as for JSON.parse
 */
export function parseEvent(line: string, reviver?: Parameters<typeof JSON.parse>[1]): EngineEvent | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    return JSON.parse(line, reviver) as EngineEvent;
  } catch {
    return undefined;
  }
}

/** The findings among events, each once: a preview and the update after it report the same. */
export function policyFindings(events: readonly EngineEvent[]): PolicyFinding[] {
  const findings = events.flatMap(({ policyEvent }) => {
    if (policyEvent === undefined) return [];
    const { policyName: policy, enforcementLevel: level, resourceUrn: urn = "", message } = policyEvent;
    return [{ policy, level, urn, message: message.trim() }];
  });
  const unique = new Map(findings.map((finding) => [JSON.stringify(finding), finding]));
  return [...unique.values()].sort((a, b) => compare(a.policy, b.policy) || compare(a.urn, b.urn));
}

/** The stack's outputs, which are known when the program has ended, and whether they are others than before. */
export function stackOutputs(events: readonly EngineEvent[]): {
  outputs: Record<string, unknown>;
  outputsChanged: boolean;
} {
  const ended = events.flatMap(({ resOutputsEvent }) => resOutputsEvent?.metadata ?? []);
  const stack = ended.findLast(({ type }) => type === stackType);
  const outputs = stack?.new?.outputs ?? {};
  return { outputs, outputsChanged: !isDeepStrictEqual(outputs, stack?.old?.outputs ?? {}) };
}

/** What follows when the engine stops its helpers because something else has failed. */
const aftermath = /^(update|preview) failed$|^failed to run (policy|remediation): context canceled$/;

/** The errors among events, without a stack trace, each once. */
export function errors(events: readonly EngineEvent[]): string[] {
  const messages = events.flatMap(({ diagnosticEvent }) =>
    diagnosticEvent?.severity === "error" ? [diagnosticEvent.message.replace(/^error: /, "").trim()] : [],
  );
  return [...new Set(messages)].filter((message) => !aftermath.test(message));
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
