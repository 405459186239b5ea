import { mkdirSync, watch } from "node:fs";
import { createServer } from "node:http";

import {
  CoreV1Api,
  KubeConfig,
  makeInformer,
  NetworkingV1Api,
  type KubernetesListObject,
  type KubernetesObject,
  type V1Namespace,
  type V1NetworkPolicy,
  type V1Pod,
} from "@kubernetes/client-node";

import { run } from "../../run.ts";
import { addresses, clusterName, nodeAddress, podRange } from "../settings.ts";
import { attachments, cniResults, type Attachment } from "./addresses.ts";
import { policyRules, type PolicyPod } from "./rules.ts";

/** A change is often followed by others; the rules wait for them this long. */
const settle = 20;
const retry = 1_000;
/** Rules are loaded again after this time even when nothing changed, in case somebody removed them. */
const refresh = 30_000;

const config = new KubeConfig();
config.loadFromFile(process.argv[2]!);
const core = config.makeApiClient(CoreV1Api);
const networking = config.makeApiClient(NetworkingV1Api);

const pods = follow<V1Pod>("/api/v1/pods", () => core.listPodForAllNamespaces());
const namespaces = follow<V1Namespace>("/api/v1/namespaces", () => core.listNamespace());
const policies = follow<V1NetworkPolicy>("/apis/networking.k8s.io/v1/networkpolicies", () =>
  networking.listNetworkPolicyForAllNamespaces(),
);
const sources = [pods, namespaces, policies];

let loaded = "";
let healthy = false;
let timer: NodeJS.Timeout | undefined;
let working = Promise.resolve();

mkdirSync(cniResults, { recursive: true });
watch(cniResults, schedule);
setInterval(() => {
  loaded = "";
  schedule();
}, refresh);
createServer((_, response) => response.writeHead(healthy ? 200 : 503).end()).listen(addresses.networkPolicy);

/** Keeps a list that follows the API server; a broken connection is taken up again. */
function follow<T extends KubernetesObject>(path: string, list: () => Promise<KubernetesListObject<T>>) {
  const source = { listed: false, list: () => [...informer.list()] };
  const informer = makeInformer(config, path, async () => {
    const found = await list();
    source.listed = true;
    schedule();
    return found;
  });
  const start = () => {
    informer.start().catch(() => setTimeout(start, retry));
  };
  informer.on("change", schedule);
  informer.on("error", (error) => {
    console.error(`${path}: ${String(error)}`);
    setTimeout(start, retry);
  });
  start();
  return source;
}

function schedule(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    working = working.then(load);
  }, settle);
}

async function load(): Promise<void> {
  if (!sources.every((source) => source.listed)) return;
  try {
    const rules = policyRules({
      podRange,
      nodeAddress,
      pods: podsWithAddress(pods.list(), await attachments(clusterName)),
      namespaces: Object.fromEntries(
        namespaces.list().map(({ metadata }) => [metadata!.name!, metadata?.labels ?? {}]),
      ),
      policies: policies.list(),
    });
    if (rules !== loaded) await run("nft", ["-f", "-"], { input: rules });
    loaded = rules;
    healthy = true;
  } catch (error) {
    healthy = false;
    console.error(String(error));
    setTimeout(schedule, retry);
  }
}

function podsWithAddress(all: readonly V1Pod[], attached: readonly Attachment[]): PolicyPod[] {
  const byUid = new Map(all.map((pod) => [pod.metadata?.uid, pod]));
  return attached
    .flatMap(({ podUid, address }) => {
      const pod = byUid.get(podUid);
      if (pod === undefined) return [];
      const containers = [...(pod.spec?.containers ?? []), ...(pod.spec?.initContainers ?? [])];
      const namedPorts = containers
        .flatMap(({ ports = [] }) => ports)
        .flatMap(({ name, containerPort, protocol = "TCP" }) =>
          name ? [{ name, port: containerPort, protocol }] : [],
        );
      return [{ namespace: pod.metadata!.namespace!, labels: pod.metadata?.labels ?? {}, address, namedPorts }];
    })
    .sort((a, b) => a.address.localeCompare(b.address));
}
