import { setTimeout as sleep } from "node:timers/promises";

import type { Context, DeleteRequest } from "../plugin.ts";
import { reveal } from "../values.ts";
import type { JsonObject, Properties } from "../values.ts";
import type { Cluster } from "./cluster.ts";
import { lastInputs } from "./diff.ts";
import { explain } from "./errors.ts";
import { annotationOf, arrayAt, describe, objectAt } from "./object.ts";
import type { KubeObject } from "./object.ts";
import { referenceOf } from "./read.ts";
import { redactor } from "./state.ts";

const defaultTimeout = 600;
const policies = new Map([
  ["foreground", "Foreground"],
  ["background", "Background"],
  ["orphan", "Orphan"],
]);

/**
 * Deletes an object and what it owns, and waits until it is gone. An object that is gone already is no error.
 *
 * @throws Error saying what still holds the object when it does not go in time
 */
export async function remove(request: DeleteRequest, cluster: Cluster, context: Context): Promise<void> {
  const { signal, log } = context;
  const inputs = lastInputs(request.outputs, request.inputs);
  const reference = referenceOf(request, inputs);
  const annotation = annotationOf(inputs as JsonObject, "pulumi.com/deletionPropagationPolicy");
  const policy = policies.get(annotation?.toLowerCase() ?? "foreground") ?? "Foreground";
  const deadline =
    Date.now() +
    (request.timeout ||
      Number(annotationOf(inputs as JsonObject, "pulumi.com/timeoutSeconds") ?? 0) ||
      defaultTimeout) *
      1000;
  try {
    await cluster.delete(reference, policy, signal);
    if (annotationOf(inputs as JsonObject, "pulumi.com/skipAwait") === "true") return;
    const uid = (reveal(request.outputs["metadata"] ?? {}) as Properties)["uid"];
    for (let wait = 100; ; wait = Math.min(wait * 1.5, 2000)) {
      const live = await cluster.get(reference, signal);
      if (live === undefined || (uid !== undefined && live.metadata["uid"] !== uid)) return;
      const holding = holders(live);
      if (Date.now() > deadline)
        throw new Error(
          `${describe(reference)} is still being deleted${holding && `: ${holding}`}; remove what holds it and run again.`,
        );
      log("status", `waiting until it is gone${holding && `: ${holding}`}`);
      await sleep(wait, undefined, { signal });
    }
  } catch (error) {
    if (signal.aborted) {
      throw new Error(`${describe(reference)}: the deletion was asked for, but waiting for it was cancelled.`, {
        cause: error,
      });
    }
    throw explain(error, reference, redactor(request.inputs));
  }
}

/** What keeps a deleted object alive. */
function holders(live: KubeObject): string {
  const told = arrayAt(live, "status", "conditions")
    .map((condition) => objectAt(condition))
    .filter(({ type, status }) => status === "True" && /Remaining|Failure/.test(String(type)))
    .map(({ message }) => String(message));
  const finalizers = [...arrayAt(live, "metadata", "finalizers"), ...arrayAt(live, "spec", "finalizers")];
  const waiting = finalizers.length === 0 ? [] : [`finalizers ${finalizers.join(", ")}`];
  return [...told, ...waiting].join("; ");
}
