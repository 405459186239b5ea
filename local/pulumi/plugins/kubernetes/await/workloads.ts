import { arrayAt, conditionOf, numberAt, objectAt, stringAt } from "../object.ts";
import type { KubeObject } from "../object.ts";
import { selectedPodReasons } from "./reasons.ts";
import { isObserved, ready, waiting } from "./readiness.ts";
import type { Readiness, ReadinessRule } from "./readiness.ts";

const notObserved = waiting("for the controller to see the change");

/** A Deployment is ready when all its replicas run the newest template and are available. */
export const deployment: ReadinessRule = {
  check({ live }) {
    if (!isObserved(live)) return notObserved;
    if (objectAt(live, "spec")["paused"] === true) return ready;
    const progressing = conditionOf(live, "Progressing");
    if (progressing?.["reason"] === "ProgressDeadlineExceeded") {
      return { state: "failed", reason: `the rollout made no progress in time: ${String(progressing["message"])}` };
    }
    const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = numbers(live);
    const wanted = numberAt(live, "spec", "replicas") ?? 1;
    if (updatedReplicas < wanted) return waiting(`${updatedReplicas} of ${wanted} replicas updated`);
    if (replicas > updatedReplicas) return waiting(`${replicas - updatedReplicas} old replicas are ending`);
    if (availableReplicas < wanted) return waiting(`${availableReplicas} of ${wanted} replicas available`);
    return ready;
  },
  async reasons(question) {
    const failure = conditionOf(question.live, "ReplicaFailure");
    const own = failure?.["status"] === "True" ? [`its pods cannot be created: ${String(failure["message"])}`] : [];
    return [...own, ...(await selectedPodReasons(question))];
  },
};

/** A StatefulSet is ready when all its replicas run the newest template and are ready. */
export const statefulSet: ReadinessRule = {
  check({ live }) {
    if (!isObserved(live)) return notObserved;
    const { readyReplicas = 0, updatedReplicas = 0 } = numbers(live);
    const wanted = numberAt(live, "spec", "replicas") ?? 1;
    const rolling = stringAt(live, "spec", "updateStrategy", "type") !== "OnDelete";
    const partition = numberAt(live, "spec", "updateStrategy", "rollingUpdate", "partition") ?? 0;
    const toUpdate = rolling ? Math.max(wanted - partition, 0) : 0;
    if (updatedReplicas < toUpdate) return waiting(`${updatedReplicas} of ${toUpdate} replicas updated`);
    if (readyReplicas < wanted) return waiting(`${readyReplicas} of ${wanted} replicas ready`);
    return ready;
  },
  reasons: selectedPodReasons,
};

/** A DaemonSet is ready when its newest pod is available on every node it is meant for. */
export const daemonSet: ReadinessRule = {
  check({ live }) {
    if (!isObserved(live)) return notObserved;
    const { desiredNumberScheduled: wanted = 0, updatedNumberScheduled = 0, numberAvailable = 0 } = numbers(live);
    const rolling = stringAt(live, "spec", "updateStrategy", "type") !== "OnDelete";
    if (rolling && updatedNumberScheduled < wanted)
      return waiting(`${updatedNumberScheduled} of ${wanted} nodes updated`);
    if (numberAvailable < wanted) return waiting(`available on ${numberAvailable} of ${wanted} nodes`);
    return ready;
  },
  reasons: selectedPodReasons,
};

/** A ReplicaSet or ReplicationController is ready when all its replicas are available. */
export const replicaSet: ReadinessRule = {
  check({ live }) {
    if (!isObserved(live)) return notObserved;
    const { availableReplicas = 0 } = numbers(live);
    const wanted = numberAt(live, "spec", "replicas") ?? 1;
    return availableReplicas >= wanted ? ready : waiting(`${availableReplicas} of ${wanted} replicas available`);
  },
  reasons: selectedPodReasons,
};

/** A Job is ready when it has completed; one that is suspended is not waited for. */
export const job: ReadinessRule = {
  check({ live }): Readiness {
    if (objectAt(live, "spec")["suspend"] === true) return ready;
    if (conditionOf(live, "Complete")?.["status"] === "True") return ready;
    const failed = conditionOf(live, "Failed");
    if (failed?.["status"] === "True") {
      return { state: "failed", reason: `it failed: ${String(failed["message"] ?? failed["reason"])}` };
    }
    const { active = 0, succeeded = 0, failed: failures = 0 } = numbers(live);
    const retried = failures > 0 ? `, ${failures} failed` : "";
    return waiting(
      `${succeeded} of ${numberAt(live, "spec", "completions") ?? 1} completed, ${active} running${retried}`,
    );
  },
  reasons: selectedPodReasons,
};

/** A Pod is ready when its Ready condition says so, or when it has succeeded. */
export const pod: ReadinessRule = {
  check({ live }): Readiness {
    const phase = stringAt(live, "status", "phase");
    if (phase === "Succeeded" || conditionOf(live, "Ready")?.["status"] === "True") return ready;
    if (phase === "Failed")
      return {
        state: "failed",
        reason: `it failed: ${stringAt(live, "status", "message") ?? "its containers ended with errors"}`,
      };
    const containers = arrayAt(live, "status", "containerStatuses").map((status) => objectAt(status));
    const up = containers.filter((container) => container["ready"] === true).length;
    return waiting(`${phase ?? "Pending"}, ${up} of ${arrayAt(live, "spec", "containers").length} containers ready`);
  },
  reasons: selectedPodReasons,
};

function numbers(live: KubeObject): Record<string, number | undefined> {
  return objectAt(live, "status") as Record<string, number | undefined>;
}
