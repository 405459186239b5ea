import type { JsonObject } from "../../values.ts";
import { arrayAt, conditionOf, objectAt, stringAt } from "../object.ts";
import { eventReasons } from "./reasons.ts";
import { ready, waiting } from "./readiness.ts";
import type { Question, Readiness, ReadinessRule } from "./readiness.ts";
import { daemonSet, deployment, job, pod, replicaSet, statefulSet } from "./workloads.ts";

const defaultClass = "storageclass.kubernetes.io/is-default-class";

/** A claim is ready when it is bound. One that is bound only when a pod first uses it is not waited for. */
const persistentVolumeClaim: ReadinessRule = {
  timeout: 300,
  async check(question): Promise<Readiness> {
    const phase = stringAt(question.live, "status", "phase");
    if (phase === "Bound") return ready;
    if (phase === "Lost") return { state: "failed", reason: "its volume is lost" };
    const storage = await storageClassOf(question);
    if (storage?.["volumeBindingMode"] === "WaitForFirstConsumer") return ready;
    return waiting("not bound to a volume yet");
  },
  reasons: eventReasons,
};

async function storageClassOf({ live, cluster, signal }: Question): Promise<JsonObject | undefined> {
  const name = stringAt(live, "spec", "storageClassName");
  if (name === "") return undefined;
  const classes = await cluster.list("/apis/storage.k8s.io/v1/storageclasses", {}, signal);
  return classes.find((candidate) =>
    name === undefined
      ? stringAt(candidate, "metadata", "annotations", defaultClass) === "true"
      : stringAt(candidate, "metadata", "name") === name,
  );
}

/** A Service is ready when a ready pod answers for it and, for a load balancer, when that has an address. */
const service: ReadinessRule = {
  async check({ live, cluster, signal }) {
    const { type, selector, clusterIP } = objectAt(live, "spec");
    if (type === "LoadBalancer" && arrayAt(live, "status", "loadBalancer", "ingress").length === 0) {
      return waiting("the load balancer has no address yet");
    }
    if (type === "ExternalName" || clusterIP === "None" || Object.keys(objectAt(selector)).length === 0) return ready;
    const { namespace, name } = objectAt(live, "metadata");
    const labelSelector = `kubernetes.io/service-name=${String(name)}`;
    const slices = await cluster.list(
      `/apis/discovery.k8s.io/v1/namespaces/${String(namespace)}/endpointslices`,
      { labelSelector },
      signal,
    );
    const endpoints = slices.flatMap((slice) => arrayAt(slice, "endpoints"));
    const answering = endpoints.some((endpoint) => objectAt(endpoint, "conditions")["ready"] !== false);
    return answering ? ready : waiting("no ready pod answers for it yet");
  },
  reasons({ live }) {
    const labels = Object.entries(objectAt(live, "spec", "selector")).map(([key, value]) => `${key}=${String(value)}`);
    return Promise.resolve([`no ready pod has the labels ${labels.join(", ")}`]);
  },
};

const namespace: ReadinessRule = {
  check: ({ live }) =>
    stringAt(live, "status", "phase") === "Terminating" ? waiting("the namespace is being deleted") : ready,
};

/** A definition is ready when the API server serves its kind. */
const customResourceDefinition: ReadinessRule = {
  timeout: 60,
  async check({ live, cluster }): Promise<Readiness> {
    const names = conditionOf(live, "NamesAccepted");
    if (names?.["status"] === "False")
      return { state: "failed", reason: `its names are taken: ${String(names["message"])}` };
    if (conditionOf(live, "Established")?.["status"] !== "True") return waiting("not established yet");
    const version = arrayAt(live, "spec", "versions")
      .map((entry) => objectAt(entry))
      .find(({ served }) => served === true);
    const group = `${stringAt(live, "spec", "group")}/${String(version?.["name"])}`;
    const served =
      version === undefined || (await cluster.discovery.find(group, stringAt(live, "spec", "names", "kind") ?? ""));
    return served ? ready : waiting("the API server does not serve the kind yet");
  },
};

/** A SealedSecret is ready when the controller has unsealed this version of it and the Secret is there. */
const sealedSecret: ReadinessRule = {
  timeout: 120,
  async check({ live, cluster, signal }): Promise<Readiness> {
    const synced = conditionOf(live, "Synced");
    const observed =
      Number(objectAt(live, "status")["observedGeneration"] ?? 0) >= Number(live.metadata["generation"] ?? 0);
    if (!observed || synced === undefined) return waiting("for the controller to unseal it");
    if (synced["status"] !== "True") {
      return {
        state: "failed",
        reason: `the controller cannot unseal it: ${String(synced["message"] ?? "no reason given")}`,
        grace: 10,
      };
    }
    const { namespace: place, name } = objectAt(live, "metadata");
    const reference = { apiVersion: "v1", kind: "Secret", namespace: String(place), name: String(name) };
    return (await cluster.get(reference, signal)) ? ready : waiting("for its Secret to appear");
  },
};

/** The kinds that are waited for, by `group/kind`. */
export const rules: Readonly<Record<string, ReadinessRule>> = {
  "/Namespace": namespace,
  "/PersistentVolumeClaim": persistentVolumeClaim,
  "/Pod": pod,
  "/ReplicationController": replicaSet,
  "/Service": service,
  "apiextensions.k8s.io/CustomResourceDefinition": customResourceDefinition,
  "apps/DaemonSet": daemonSet,
  "apps/Deployment": deployment,
  "apps/ReplicaSet": replicaSet,
  "apps/StatefulSet": statefulSet,
  "batch/Job": job,
  "bitnami.com/SealedSecret": sealedSecret,
};
