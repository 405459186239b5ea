import { withLock } from "../cache.ts";
import { step } from "../progress.ts";
import {
  addons,
  applyAddons,
  areAddonsHealthy,
  clusterImages,
  waitForAddons,
  type ClusterImages,
} from "./addons/index.ts";
import type { Addon } from "./addons/addon.ts";
import { sealingCertificate } from "./addons/sealed-secrets.ts";
import { startWaves } from "./components.ts";
import { inspectHost } from "./host.ts";
import { ensureKubeconfigs } from "./kubeconfig.ts";
import { ensureNetwork, isNetworkUp, uplinkMtu } from "./network.ts";
import { isNodeReady, waitForNode } from "./node.ts";
import { ensurePki } from "./pki.ts";
import { ensureTools, readResolvConf, requireDisk } from "./prerequisites.ts";
import { ensureRunning, isHealthy, requirePorts, type Component } from "./process.ts";
import { buildPrograms, ensureKubectl, isBuilt, kubectlPath } from "./programs.ts";
import { clusterName, clusterPath, paths, serverUrl } from "./settings.ts";

export { importImage } from "./images.ts";
export { requireMachine } from "./prerequisites.ts";
export { clusterStatus, type ComponentReport } from "./status.ts";
export { deleteCluster, stopCluster } from "./stop.ts";

/** The local cluster, running. */
export interface Cluster {
  name: typeof clusterName;
  /** The path of the administrator's kubeconfig. */
  kubeconfig: string;
  /** The context in that kubeconfig. */
  context: string;
  /** The URL of the API server. */
  server: string;
  /** The certificate secrets are sealed against, as PEM. */
  sealingCertificate: string;
  /** The path of a `kubectl` that speaks to this cluster. */
  kubectl: string;
}

/** Gibibytes free on disk that the build of the programs takes, and that the cluster wants afterwards. */
const room = { build: 12, run: 2 };

/** The components whose restart makes an earlier report of the node worthless. */
const ofNode = new Set(["containerd", "kubelet"]);

interface Plan {
  waves: Component[][];
  addons: Addon[];
  images: ClusterImages;
}

/**
 * Brings the local Kubernetes to health, whatever its state: builds it, starts it, or restarts those of its parts that
 * have died. Does next to nothing when all is well.
 *
 * @throws UserError when this machine cannot run it, or a part of it does not become ready
 */
export async function startCluster(): Promise<Cluster> {
  return await withLock(clusterPath("..", "cluster.lock"), async () => {
    const plan = await prepare();
    if (!(await isClusterHealthy(plan))) await bringUp(plan);
    return {
      name: clusterName,
      kubeconfig: paths.adminKubeconfig(),
      context: clusterName,
      server: serverUrl,
      sealingCertificate: await sealingCertificate(),
      kubectl: kubectlPath(),
    };
  });
}

async function prepare(): Promise<Plan> {
  const tools = await ensureTools();
  if (!isBuilt()) await requireDisk(room.build, "the build of Kubernetes");
  const programs = await buildPrograms();
  const [host, images, mtu] = await Promise.all([inspectHost(), clusterImages(programs), uplinkMtu()]);
  const waves = startWaves({ tools, kubernetes: programs.kubernetes, host, pauseImage: images.pause.reference, mtu });
  await ensureKubectl(programs.kubernetes);
  return { waves, images, addons: addons(images, await readResolvConf(host.resolvConf)) };
}

async function isClusterHealthy({ waves, addons }: Plan): Promise<boolean> {
  const checks = [isNetworkUp(), isNodeReady(), areAddonsHealthy(addons), ...waves.flat().map(isHealthy)];
  const answers = await Promise.all(checks.map((check) => check.catch(() => false)));
  return answers.every(Boolean);
}

async function bringUp({ waves, addons, images }: Plan): Promise<void> {
  await step("starting the local Kubernetes cluster", async (report) => {
    await requireDisk(room.run, "the local cluster");
    await requirePorts(waves.flat());
    await ensurePki();
    await ensureKubeconfigs();
    await ensureNetwork();
    const began = Date.now();
    let nodeRestarted = false;
    for (const wave of waves) {
      report(`starting ${wave.map((component) => component.name).join(", ")}`);
      const started = await Promise.all(wave.map(ensureRunning));
      nodeRestarted ||= wave.some(({ name }, index) => started[index] === true && ofNode.has(name));
      if (wave.some((component) => component.name === "apiserver")) await applyAddons(addons, images);
    }
    report("waiting for the node");
    await waitForNode(nodeRestarted ? began : 0);
    report("waiting for DNS, storage and sealed secrets");
    await waitForAddons(addons);
  });
}
