import { setTimeout as sleep } from "node:timers/promises";

import { UserError, type Problem } from "../../infra/errors.ts";
import type { HealthCheck } from "../../infra/spec/health.ts";
import { step } from "../progress.ts";
import { ApiError, Client } from "../pulumi/plugins/kubernetes/client.ts";
import { readKubeconfig, type KubeconfigSource } from "../pulumi/plugins/kubernetes/kubeconfig.ts";

/** What is read of a Deployment, StatefulSet or DaemonSet. */
interface Workload {
  metadata: { name: string; generation?: number };
  spec: { replicas?: number };
  status?: { observedGeneration?: number; readyReplicas?: number; updatedReplicas?: number };
}

interface Pod {
  metadata: { name: string };
  status?: { containerStatuses?: ContainerStatus[]; conditions?: { type: string; status: string; message?: string }[] };
}

interface ContainerStatus {
  name: string;
  ready: boolean;
  state?: { waiting?: { reason?: string; message?: string }; terminated?: { reason?: string; exitCode?: number } };
}

const pollMilliseconds = 1000;

/**
 * Waits until every workload is ready and every health path answers 200, each asked through the cluster's network.
 *
 * @param options.limit milliseconds. @default 5 minutes
 * @throws UserError with everything that is not ready by then, and the pods' own reasons
 */
export async function waitForHealth(
  checks: readonly HealthCheck[],
  cluster: KubeconfigSource,
  { limit = 300_000 }: { limit?: number } = {},
): Promise<void> {
  const client = new Client(readKubeconfig(cluster));
  const deadline = Date.now() + limit;
  let problems = await unhealthy(client, checks);
  if (problems.length === 0) return;
  await step("waiting until all is ready", async (report) => {
    while (problems.length > 0) {
      if (Date.now() > deadline) throw new UserError(problems);
      report(`${problems.length} to go, ${problems[0]?.where ?? ""}`);
      await sleep(pollMilliseconds);
      problems = await unhealthy(client, checks);
    }
  });
}

async function unhealthy(client: Client, checks: readonly HealthCheck[]): Promise<Problem[]> {
  const namespaces = [...new Set(checks.map(({ namespace }) => namespace))];
  const found = await Promise.all([
    ...namespaces.map((namespace) => unready(client, namespace)),
    ...checks.map((check) => unanswered(client, check)),
  ]);
  return found.flat();
}

async function unready(client: Client, namespace: string): Promise<Problem[]> {
  const list = async <T>(path: string) => (await client.json<{ items: T[] } & Record<string, never>>(path)).items;
  const workloads = await Promise.all(
    ["deployments", "statefulsets"].map((kind) => list<Workload>(`/apis/apps/v1/namespaces/${namespace}/${kind}`)),
  );
  const waiting = workloads.flat().filter((workload) => !isReady(workload));
  if (waiting.length === 0) return [];
  const pods = await list<Pod>(`/api/v1/namespaces/${namespace}/pods`);
  return waiting.map(({ metadata: { name }, spec, status }) => {
    const reasons = pods.filter(({ metadata }) => metadata.name.startsWith(`${name}-`)).flatMap(reasonsOf);
    const ready = `${status?.readyReplicas ?? 0} of ${spec.replicas ?? 1} pods are ready`;
    return { where: `${namespace}/${name}`, message: `${[ready, ...reasons].join("; ")}.` };
  });
}

function isReady({ metadata, spec, status }: Workload): boolean {
  const wanted = spec.replicas ?? 1;
  const seen = (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0);
  return seen && (status?.readyReplicas ?? 0) >= wanted && (status?.updatedReplicas ?? 0) >= wanted;
}

function reasonsOf({ metadata: { name }, status }: Pod): string[] {
  const unscheduled = (status?.conditions ?? []).filter(
    ({ type, status }) => type === "PodScheduled" && status !== "True",
  );
  const stuck = (status?.containerStatuses ?? []).filter(({ ready }) => !ready);
  return [
    ...unscheduled.map(({ message }) => `${name} is not scheduled: ${message ?? "no reason given"}`),
    ...stuck.map(({ name: container, state }) => {
      const { waiting, terminated } = state ?? {};
      const why = waiting?.message ?? waiting?.reason ?? terminated?.reason ?? "it does not report ready";
      return `container ${container} of ${name}: ${why}`;
    }),
  ];
}

/** The API server's proxy reaches a Service as a pod in the cluster does. */
async function unanswered(client: Client, { service, namespace, port, path }: HealthCheck): Promise<Problem[]> {
  try {
    await client.text(`/api/v1/namespaces/${namespace}/services/http:${service}:${port}/proxy${path}`);
    return [];
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    return [
      { where: `http://${service}.${namespace}:${port}${path}`, message: `answers with status ${error.status}.` },
    ];
  }
}
