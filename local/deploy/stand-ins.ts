import { createHash } from "node:crypto";

import { dump } from "js-yaml";

import { profiles } from "../../infra/profile.ts";
import type { SecretFormat } from "../../infra/spec/secret.ts";
import { parseConfig, type StackConfig } from "../../stacks/config.ts";
import { deploymentOf } from "../../stacks/deployment.ts";
import { externalSecretKeys, requiredImages } from "../../stacks/settings.ts";
import { systemFor } from "../../stacks/systems.ts";
import { throwawayCertificate } from "../sealing-certificate.ts";
import { sealed, settingTexts, type Settings, type StackFile } from "./stack-file.ts";

/**
 * What a preview needs and only a real cluster, registry or owner of secrets has. Nothing of it is ever deployed: the
 * secrets can be computed by anyone, and nobody can open what is sealed against the certificate.
 *
 * @throws UserError when the settings are wrong, by key
 */
export async function standIns(file: StackFile): Promise<Settings> {
  const config = parseConfig({ "agent-commerce:images": "{}", ...settingTexts(file) });
  const system = systemFor(config.system, config, profiles[config.profile]);
  const images = requiredImages(system, config).map((name) => [name, `images.local/${name}:preview`]);
  const secrets = [...externalSecretKeys(system)].map(([key, { format }]) => [key, standInSecret(key, format)]);
  return {
    images: Object.fromEntries(images) as Settings,
    ...(profiles[config.profile].standInSecrets ? {} : { externalSecrets: Object.fromEntries(secrets) as Settings }),
    ...(config.target === "kubernetes"
      ? {
          ...partsOfNoCluster(config),
          sealingCertificate: await throwawayCertificate(),
          kubeconfig: kubeconfigOfNoCluster(),
        }
      : {}),
  };
}

/**
 * Tells what the program would refuse, without running it: before anything is built, started or kept as a state.
 *
 * @param local whether the start makes the images and the certificate itself
 * @throws UserError with the problems
 */
export async function checkStack(stack: string, config: StackConfig, { local }: { local: boolean }): Promise<void> {
  const system = systemFor(config.system, config, profiles[config.profile]);
  const opened = [...externalSecretKeys(system)].flatMap(([key, { format }]) =>
    config.externalSecrets[key] === sealed ? [[key, standInSecret(key, format)] as const] : [],
  );
  const built = requiredImages(system, config).map((name) => [name, name] as const);
  const made = local
    ? {
        images: { ...Object.fromEntries(built), ...config.images },
        sealingCertificate: config.sealingCertificate ?? (await throwawayCertificate()),
      }
    : {};
  const externalSecrets = { ...config.externalSecrets, ...Object.fromEntries(opened) };
  deploymentOf(stack, { ...config, ...made, externalSecrets }, new Date().toISOString().slice(0, 10));
}

/** A value of the right form that is no secret: it is computed from the name alone. */
function standInSecret(key: string, { prefix = "", bytes, encoding }: SecretFormat): string {
  const digest = createHash("sha512").update(key).digest();
  const filled = Buffer.concat(Array.from({ length: Math.ceil(bytes / digest.length) }, () => digest));
  return prefix + filled.subarray(0, bytes).toString(encoding);
}

/** The names and security groups that a cluster's owner knows. */
function partsOfNoCluster({ datastoreMode, hosts }: StackConfig): Settings {
  const published = Object.keys(hosts).length > 0;
  return {
    ...(published ? { ingressClass: "preview", ingressNamespace: "preview", certificateIssuer: "preview" } : {}),
    ...(datastoreMode === "managed" ? { aws: { clusterSecurityGroupIds: [`sg-${"0".repeat(17)}`] } } : {}),
  };
}

/** A kubeconfig whose server answers nobody, so that a preview neither needs nor finds a cluster. */
function kubeconfigOfNoCluster(): string {
  const name = "none";
  return dump({
    apiVersion: "v1",
    kind: "Config",
    "current-context": name,
    clusters: [{ name, cluster: { server: "https://127.0.0.1:9" } }],
    contexts: [{ name, context: { cluster: name, user: name } }],
    users: [{ name, user: {} }],
  });
}
