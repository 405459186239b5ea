import type { JsonObject } from "../../values.ts";
import { arrayAt, conditionOf, numberAt, objectAt, stringAt } from "../object.ts";
import type { Question } from "./readiness.ts";

const podsShown = 3;
const waitingByItself = new Set(["ContainerCreating", "PodInitializing"]);

/** What the pods of a workload (or the pod itself) say about why they are not ready, at most three pods' worth. */
export async function selectedPodReasons(question: Question): Promise<string[]> {
  const { live, cluster, signal } = question;
  const namespace = stringAt(live, "metadata", "namespace") ?? "default";
  const events = await cluster.list(`/api/v1/namespaces/${namespace}/events`, { limit: "500" }, signal);
  if (live.kind === "Pod") return await podReasons(live, events, question);
  const labelSelector = selectorOf(live);
  const pods =
    labelSelector === "" ? [] : await cluster.list(`/api/v1/namespaces/${namespace}/pods`, { labelSelector }, signal);
  const reasons = new Set<string>();
  for (const pod of pods.filter((candidate) => !isFine(candidate)).slice(0, podsShown)) {
    for (const reason of await podReasons(pod, events, question))
      reasons.add(`pod ${stringAt(pod, "metadata", "name")}: ${reason}`);
  }
  if (pods.length === 0) for (const reason of creationFailures(live, events)) reasons.add(reason);
  return [...reasons];
}

/** A workload's label selector as a query. */
export function selectorOf(live: JsonObject): string {
  const labels = Object.entries(objectAt(live, "spec", "selector", "matchLabels")).map(
    ([key, value]) => `${key}=${String(value)}`,
  );
  const expressions = arrayAt(live, "spec", "selector", "matchExpressions").map((entry) => {
    const { operator, values } = objectAt(entry);
    const key = stringAt(entry, "key") ?? "";
    const list = Array.isArray(values) ? values.join(",") : "";
    const forms: Record<string, string> = {
      In: `${key} in (${list})`,
      NotIn: `${key} notin (${list})`,
      Exists: key,
      DoesNotExist: `!${key}`,
    };
    return forms[String(operator)] ?? "";
  });
  return [...labels, ...expressions].filter(Boolean).join(",");
}

function isFine(pod: JsonObject): boolean {
  return stringAt(pod, "status", "phase") === "Succeeded" || conditionOf(pod, "Ready")?.["status"] === "True";
}

async function podReasons(pod: JsonObject, events: JsonObject[], question: Question): Promise<string[]> {
  const scheduled = conditionOf(pod, "PodScheduled");
  if (scheduled?.["status"] === "False")
    return [`cannot be scheduled: ${String(scheduled["message"] ?? scheduled["reason"])}`];
  const statuses = [...arrayAt(pod, "status", "initContainerStatuses"), ...arrayAt(pod, "status", "containerStatuses")];
  const reasons: string[] = [];
  for (const status of statuses) reasons.push(...(await containerReasons(pod, objectAt(status), events, question)));
  if (reasons.length > 0) return reasons;
  const message = stringAt(pod, "status", "message");
  const warnings = warningsAbout(pod, events).filter(({ reason }) => reason !== "FailedScheduling");
  return [...(message === undefined ? [] : [message]), ...warnings.map((event) => String(event["message"])).slice(-1)];
}

async function containerReasons(
  pod: JsonObject,
  status: JsonObject,
  events: JsonObject[],
  question: Question,
): Promise<string[]> {
  const name = String(status["name"]);
  const held = objectAt(status, "state", "waiting");
  const ended = { ...objectAt(status, "lastState", "terminated"), ...objectAt(status, "state", "terminated") };
  const reason = String(held["reason"] ?? "");
  if (/ImagePull|ErrImage|InvalidImage|ImageInspect|RegistryUnavailable/.test(reason)) {
    const about = warningsAbout(pod, events).findLast(({ message }) =>
      String(message).includes(String(status["image"])),
    );
    const detail = String((/BackOff/.test(reason) ? about?.["message"] : held["message"]) ?? held["message"] ?? reason);
    return [`container ${name} cannot get its image ${String(status["image"])}: ${detail}`];
  }
  const failed = Number(ended["exitCode"] ?? 0) !== 0;
  if (reason === "CrashLoopBackOff" || failed) {
    const restarts = numberAt(status, "restartCount") ?? 0;
    const cause =
      ended["reason"] === "OOMKilled"
        ? "it needed more memory than its limit"
        : `exit code ${String(ended["exitCode"] ?? "unknown")}`;
    const line = (await lastLogLine(pod, name, question)) ?? stringAt(ended, "message");
    return [`container ${name} keeps ending (${cause}, ${restarts} restarts)${line ? `; its last line: ${line}` : ""}`];
  }
  if (reason !== "" && !waitingByItself.has(reason))
    return [`container ${name} cannot start: ${String(held["message"] ?? reason)}`];
  if (objectAt(status, "state", "running")["startedAt"] !== undefined && status["ready"] !== true) {
    const probe = warningsAbout(pod, events).findLast((event) => event["reason"] === "Unhealthy");
    return [`container ${name} runs but is not ready${probe ? `: ${String(probe["message"]).trim()}` : ""}`];
  }
  return [];
}

/** The last line of a container's newest log, or of the run before when the newest has none. */
async function lastLogLine(
  pod: JsonObject,
  container: string,
  { cluster, signal }: Question,
): Promise<string | undefined> {
  const { namespace, name } = objectAt(pod, "metadata");
  for (const previous of ["false", "true"]) {
    const query = { container, tailLines: "5", previous };
    const text = await cluster.client
      .text(`/api/v1/namespaces/${String(namespace)}/pods/${String(name)}/log`, { query, signal })
      .catch(() => "");
    const line = text.trim().split("\n").at(-1) ?? "";
    if (line !== "" && !line.startsWith("unable to retrieve container logs")) return line.slice(0, 300);
  }
  return undefined;
}

function warningsAbout(object: JsonObject, events: JsonObject[]): JsonObject[] {
  const { uid } = objectAt(object, "metadata");
  return events.filter((event) => event["type"] === "Warning" && stringAt(event, "involvedObject", "uid") === uid);
}

/** Why a workload has no pods at all. */
function creationFailures(live: JsonObject, events: JsonObject[]): string[] {
  const own = warningsAbout(live, events).filter(({ reason }) => reason === "FailedCreate");
  return own.slice(-1).map((event) => `its pods cannot be created: ${String(event["message"])}`);
}

/** The newest warnings about an object, for kinds that own no pods. */
export async function eventReasons({ live, cluster, signal }: Question): Promise<string[]> {
  const namespace = stringAt(live, "metadata", "namespace") ?? "default";
  const events = await cluster.list(`/api/v1/namespaces/${namespace}/events`, { limit: "500" }, signal);
  return warningsAbout(live, events)
    .slice(-1)
    .map((event) => String(event["message"]));
}
