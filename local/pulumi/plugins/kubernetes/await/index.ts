import { setTimeout as sleep } from "node:timers/promises";

import type { Context } from "../../plugin.ts";
import type { Cluster } from "../cluster.ts";
import { describe, groupOf, referenceTo } from "../object.ts";
import type { KubeObject } from "../object.ts";
import { waiting } from "./readiness.ts";
import type { Question, Readiness, ReadinessRule } from "./readiness.ts";
import { rules } from "./rules.ts";

const defaultTimeout = 600;
const longestPause = 1000;

/** How an object is waited for. */
export interface AwaitOptions {
  cluster: Cluster;
  context: Context;
  /** 0 for the kind's own time. */
  seconds: number;
}

/** The object as it is at the end; no reasons when it is ready. */
export interface Outcome {
  live: KubeObject;
  reasons: string[];
}

/**
 * Waits until an object is ready, showing how far it is. Kinds without a rule are ready as soon as they are stored.
 */
export async function awaitReady(applied: KubeObject, { cluster, context, seconds }: AwaitOptions): Promise<Outcome> {
  const rule = rules[`${groupOf(applied.apiVersion)}/${applied.kind}`];
  if (rule === undefined) return { live: applied, reasons: [] };
  const { signal, log } = context;
  const reference = referenceTo(applied);
  const limit = seconds || (rule.timeout ?? defaultTimeout);
  const deadline = Date.now() + limit * 1000;
  let live = applied;
  let status = "";
  let failingSince: number | undefined;
  const ended = async (why: string): Promise<Outcome> => {
    const below = (await rule.reasons?.({ live, cluster, signal: AbortSignal.timeout(10_000) }).catch(() => [])) ?? [];
    return {
      live,
      reasons: [`${describe(reference)} ${why}`, ...below.map((reason) => `${describe(reference)}: ${reason}`)],
    };
  };
  for (let pause = 100; ; pause = Math.min(pause * 1.5, longestPause)) {
    if (signal.aborted)
      return { live, reasons: [`${describe(reference)}: waiting was cancelled (${status || "not ready yet"}).`] };
    const readiness = await ask(rule, { live, cluster, signal });
    if (readiness.state === "ready") return { live, reasons: [] };
    if (readiness.state === "failed") {
      failingSince ??= Date.now();
      if (Date.now() - failingSince >= (readiness.grace ?? 0) * 1000)
        return await ended(`is not ready: ${readiness.reason}`);
    } else {
      failingSince = undefined;
      if (readiness.status !== status) log("status", readiness.status);
      status = readiness.status;
    }
    if (Date.now() > deadline) return await ended(`is not ready after ${limit} s: ${status || "no progress"}`);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
    const next = await cluster.get(reference, signal).catch(() => live);
    if (next === undefined) {
      return { live, reasons: [`${describe(reference)} was deleted by somebody else while it was waited for.`] };
    }
    live = next;
  }
}

/** A server that cannot answer now may answer later: the object exists, so the question is not given up. */
async function ask(rule: ReadinessRule, question: Question): Promise<Readiness> {
  try {
    return await rule.check(question);
  } catch (error) {
    return waiting(error instanceof Error ? error.message : String(error));
  }
}
