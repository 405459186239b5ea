import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

import { cachePath } from "../cache.ts";
import { goBuild } from "../go.ts";
import { clusterPath, kubernetesVersion, paths } from "./settings.ts";

const module = import.meta.dirname;
const versionVariable = "k8s.io/component-base/version.gitVersion";

/** The programs that are built here, all from the one go.mod beside this file, so that what they share is compiled once. */
export type Program =
  "kubernetes" | "coredns" | "sealed-secrets" | "local-path-provisioner" | "pause" | "volume-helper";

const packages: Record<Program, string> = {
  kubernetes: "./kubernetes",
  coredns: "./coredns",
  "sealed-secrets": "github.com/bitnami/sealed-secrets/cmd/controller",
  "local-path-provisioner": "github.com/rancher/local-path-provisioner",
  pause: "./pause",
  "volume-helper": "./volume-helper",
};

/** The path of each program's executable. */
export type Programs = Record<Program, string>;

/**
 * Builds the programs that are not in the cache.
 *
 * @throws UserError when Go is missing or a build fails
 */
export async function buildPrograms(): Promise<Programs> {
  const built: Partial<Programs> = {};
  for (const [name, folder] of Object.entries(packages) as [Program, string][]) {
    const variables = name === "kubernetes" ? { variables: { [versionVariable]: kubernetesVersion } } : {};
    built[name] = await goBuild({ name, module, package: folder, ...variables });
  }
  return built as Programs;
}

/** Whether the largest program is in the cache, as any version: an update of it needs far less room than the first build. */
export function isBuilt(): boolean {
  return existsSync(cachePath("go")) && readdirSync(cachePath("go")).some((name) => name.startsWith("kubernetes-"));
}

/** The path of the `kubectl` command that speaks to the cluster. */
export function kubectlPath(): string {
  return clusterPath("bin", "kubectl");
}

/** Writes `kubectl`: the same program under its other name, with the administrator's kubeconfig. */
export async function ensureKubectl(kubernetes: string): Promise<void> {
  const path = kubectlPath();
  const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const script = `#!/bin/sh\nexport KUBECONFIG=${quote(paths.adminKubeconfig())}\nexec ${quote(kubernetes)} kubectl "$@"\n`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(`${path}.tmp`, script);
  await chmod(`${path}.tmp`, 0o755);
  await rename(`${path}.tmp`, path);
}
