import { setTimeout as sleep } from "node:timers/promises";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { UserError } from "../../../infra/errors.ts";
import { contentKey } from "../../cache.ts";
import { run } from "../../run.ts";
import { importImage } from "../images.ts";
import { networkPolicyAccess } from "../network-policy/component.ts";
import { scratchImage, type ImageArchive } from "../oci.ts";
import { kubectlPath, type Programs } from "../programs.ts";
import { clusterPath, paths } from "../settings.ts";
import type { Addon, Manifest } from "./addon.ts";
import { dns } from "./dns.ts";
import { sealedSecretDefinition } from "./sealed-secret-definition.ts";
import { sealedSecrets } from "./sealed-secrets.ts";
import { storage } from "./storage.ts";

/** The images of the cluster itself. */
export type ClusterImages = Record<
  "pause" | "coredns" | "sealed-secrets" | "local-path-provisioner" | "volume-helper",
  ImageArchive
>;

const limit = 120_000;

/** Puts each program into an image of its own. */
export async function clusterImages(programs: Programs): Promise<ClusterImages> {
  const holding = (name: keyof ClusterImages, user?: number) =>
    scratchImage({
      name,
      programs: { [`/${name}`]: programs[name] },
      entrypoint: [`/${name}`],
      ...(user === undefined ? {} : { user }),
    });
  return {
    pause: await holding("pause"),
    coredns: await holding("coredns"),
    "sealed-secrets": await holding("sealed-secrets"),
    "local-path-provisioner": await holding("local-path-provisioner"),
    // The folders of volumes belong to root.
    "volume-helper": await holding("volume-helper", 0),
  };
}

/** The add-ons, from their images. */
export function addons(images: ClusterImages, resolvConf: string): Addon[] {
  return [
    dns(images.coredns.reference, resolvConf),
    storage(
      { provisioner: images["local-path-provisioner"].reference, helper: images["volume-helper"].reference },
      paths.volumes(),
    ),
    sealedSecrets(images["sealed-secrets"].reference),
  ];
}

/** Whether exactly these add-ons were applied and work now. */
export async function areAddonsHealthy(all: readonly Addon[]): Promise<boolean> {
  const applied = await readFile(appliedFile(), "utf8").catch(() => "");
  if (applied !== keyOf(all)) return false;
  const answers = await Promise.all(all.map((addon) => addon.ready().catch(() => false)));
  return answers.every(Boolean);
}

/**
 * Imports the images and applies what changed; needs the API server and the container runtime, but no node yet.
 *
 * @throws UserError when an image or an object is refused
 */
export async function applyAddons(all: readonly Addon[], images: ClusterImages): Promise<void> {
  for (const { archive } of Object.values(images)) await importImage(archive);
  await mkdir(paths.volumes(), { recursive: true, mode: 0o711 });
  if ((await readFile(appliedFile(), "utf8").catch(() => "")) === keyOf(all)) return;
  await apply(JSON.stringify(sealedSecretDefinition));
  await apply(JSON.stringify({ apiVersion: "v1", kind: "List", items: manifestsOf(all) }));
  await mkdir(dirname(appliedFile()), { recursive: true });
  await writeFile(appliedFile(), keyOf(all));
}

/**
 * Waits until every add-on works.
 *
 * @throws UserError naming one that does not, with the pods there are
 */
export async function waitForAddons(all: readonly Addon[]): Promise<void> {
  await Promise.all(all.map(waitFor));
}

function manifestsOf(all: readonly Addon[]): Manifest[] {
  // The API server creates this namespace by itself, though maybe a moment too late.
  const system: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: "kube-system" } };
  return [system, kubeletAccess, ...networkPolicyAccess, ...all.flatMap((addon) => addon.manifests)];
}

/** The API server reads logs from the kubelet and runs commands there by its own name. */
const kubeletAccess: Manifest = {
  apiVersion: "rbac.authorization.k8s.io/v1",
  kind: "ClusterRoleBinding",
  metadata: { name: "kube-apiserver-to-kubelet" },
  roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "system:kubelet-api-admin" },
  subjects: [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "kube-apiserver-kubelet-client" }],
};

async function apply(manifests: string): Promise<void> {
  const args = ["apply", "--server-side", "--force-conflicts", "--field-manager=agent-commerce-cluster", "-f", "-"];
  await run(kubectlPath(), args, { input: manifests });
}

async function waitFor(addon: Addon): Promise<void> {
  for (const until = Date.now() + limit; Date.now() < until; await sleep(200)) {
    if (await addon.ready().catch(() => false)) return;
  }
  const { stdout } = await run(kubectlPath(), ["get", "pods", "--all-namespaces", "--no-headers"], { mayFail: true });
  throw new UserError({
    where: `add-on ${addon.name}`,
    message: `not ready after ${limit / 1000} s; the pods are:\n  ${stdout.trim().split("\n").join("\n  ")}`,
  });
}

function appliedFile(): string {
  return clusterPath("run", "addons");
}

function keyOf(all: readonly Addon[]): string {
  return contentKey(JSON.stringify(manifestsOf(all)), JSON.stringify(sealedSecretDefinition));
}
