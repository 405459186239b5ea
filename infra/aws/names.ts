import { createHash } from "node:crypto";

import type { Target } from "./target.ts";

/** Whose names are made: the parts of a target that every name starts with. */
export type Named = { system: Pick<Target["system"], "name">; settings: Pick<Target["settings"], "environment"> };

/**
 * The longest name of each kind of resource, as AWS documents it, shorter where AWS adds to it. All of them take
 * lower-case letters, digits and single hyphens.
 */
const longest = {
  alarm: 255,
  backupPlan: 50,
  backupVault: 50,
  bucket: 63,
  cacheParameterGroup: 255,
  cacheSubnetGroup: 255,
  cacheUser: 40,
  cacheUserGroup: 40,
  cluster: 255,
  dashboard: 255,
  database: 63,
  databaseParameterGroup: 255,
  databaseSubnetGroup: 255,
  detector: 64,
  eventRule: 64,
  fileSystem: 64,
  firewall: 64,
  function: 64,
  keyAlias: 250,
  loadBalancer: 32,
  logPolicy: 255,
  namespace: 253,
  queue: 80,
  replicationGroup: 40,
  repository: 256,
  role: 64,
  scalingPolicy: 256,
  schedule: 64,
  securityGroup: 255,
  service: 255,
  targetGroup: 32,
  taskDefinition: 255,
  topic: 256,
  trail: 128,
  webAcl: 128,
} as const;

/** A kind of resource whose name is unique in an account and region. */
export type NameKind = keyof typeof longest;

/** The longest name of a kind. */
export function longestName(kind: NameKind): number {
  return longest[kind];
}

/**
 * The name of a resource in AWS: system, environment and parts, joined by hyphens.
 *
 * A name that would be too long, or that would not tell its parts apart, ends in a part of their digest. So that parts
 * can be told apart, all but the first are words without hyphens, and resources of one kind have equally many.
 */
export function physicalName(target: Named, kind: NameKind, ...parts: string[]): string {
  const { name } = target.system;
  const { environment } = target.settings;
  const plain = [name, environment, ...parts].join("-");
  const clear = !name.includes("-") && /^[a-z0-9]+$/.test(environment) && parts.every((part) => isClear(part));
  if (clear && plain.length <= longest[kind]) return plain;
  const digest = createHash("sha256")
    .update([name, environment, ...parts].join("\0"))
    .digest("hex")
    .slice(0, 8);
  return `${legal(plain)
    .slice(0, longest[kind] - digest.length - 1)
    .replace(/-$/, "")}-${digest}`;
}

/** The path of a secret or log group: system, environment and parts, which cannot contain a slash. */
export function physicalPath(target: Named, ...parts: string[]): string {
  return [target.system.name, target.settings.environment, ...parts].join("/");
}

function isClear(part: string): boolean {
  return /^[a-z0-9]+(-[a-z0-9]+)*$/.test(part);
}

function legal(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
}
