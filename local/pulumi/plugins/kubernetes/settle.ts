import { InitializationError } from "../plugin.ts";
import type { Context } from "../plugin.ts";
import type { Properties } from "../values.ts";
import { awaitReady } from "./await/index.ts";
import type { Cluster } from "./cluster.ts";
import { annotationOf, idOf, referenceTo } from "./object.ts";
import type { KubeObject } from "./object.ts";
import { fromApi, redactor, stateOf } from "./state.ts";

/** An object that has just been applied. */
export interface Applied {
  cluster: Cluster;
  context: Context;
  live: KubeObject;
  inputs: Properties;
  /** Seconds; 0 for the kind's own default. */
  timeout: number;
  fieldManager: string;
  /** The apiVersion the object was first created with. */
  apiVersion: string;
}

/**
 * Waits until an applied object is ready and returns its state.
 *
 * @throws InitializationError with the state it has when it does not become ready
 */
export async function settle(applied: Applied): Promise<Properties> {
  const { cluster, context, live, inputs, fieldManager, apiVersion } = applied;
  const state = (object: KubeObject) => stateOf(fromApi(object), inputs, { apiVersion, fieldManager });
  if (annotationOf(live, "pulumi.com/skipAwait") === "true") return state(live);
  const seconds = applied.timeout || Number(annotationOf(live, "pulumi.com/timeoutSeconds") ?? 0);
  const outcome = await awaitReady(live, { cluster, context, seconds });
  if (outcome.reasons.length === 0) return state(outcome.live);
  const redact = redactor(inputs);
  throw new InitializationError(idOf(referenceTo(live)), state(outcome.live), outcome.reasons.map(redact));
}
