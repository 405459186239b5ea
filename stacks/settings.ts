import { secret } from "@pulumi/pulumi";

import { UserError, type Problem } from "../infra/errors.ts";
import { profiles } from "../infra/profile.ts";
import type { Settings } from "../infra/settings.ts";
import { list } from "../infra/spec/names.ts";
import type { Secret } from "../infra/spec/secret.ts";
import type { System } from "../infra/spec/system.ts";
import { awsSettings } from "./aws-config.ts";
import { awsProblems } from "./aws-problems.ts";
import { clusterProblems, ingressSettings } from "./cluster-settings.ts";
import { project, type StackConfig } from "./config.ts";

/** What a target needs beside the specification, from a stack's configuration. */
export function settingsFor(environment: string, system: System, config: StackConfig, today: string): Settings {
  const problems = [
    ...imageProblems(system, config),
    ...externalSecretProblems(system, config),
    ...omissionProblems(config, today),
    ...hostProblems(system, config),
    ...unprotectedProblems(system, config),
    ...awsProblems(config),
    ...clusterProblems(system, config),
  ];
  if (problems.length > 0) throw new UserError(problems);
  return {
    environment,
    profileName: config.profile,
    profile: profiles[config.profile],
    namespace: config.namespace ?? system.namespace ?? system.name,
    images: config.images,
    externalSecrets: Object.fromEntries(
      Object.entries(config.externalSecrets).map(([name, value]) => [name, secret(value)]),
    ),
    sealingCertificate: config.sealingCertificate ?? "",
    datastoreMode: config.datastoreMode,
    ...(config.storageClass === undefined ? {} : { storageClass: config.storageClass }),
    omissions: config.omissions,
    hosts: config.hosts,
    ...ingressSettings(config),
    liveColour: config.liveColour ?? "blue",
    candidateImages: config.candidateImages,
    unprotected: config.unprotected,
    ...(config.aws === undefined ? {} : { aws: awsSettings(config.target, config.aws, profiles[config.profile]) }),
    owner: config.owner,
  };
}

/** The names of the images a system needs: its own, and those of stores, monitoring and functions beside them. */
export function requiredImages(system: System, config: Pick<StackConfig, "target" | "datastoreMode">): string[] {
  const names = new Set([...Object.values(system.services), ...Object.values(system.jobs)].map(({ image }) => image));
  if (config.target === "ecs") names.add("log-router").add("collector");
  if (config.datastoreMode === "managed") names.add("operations");
  if (config.target === "kubernetes") {
    names.add("prometheus").add("alertmanager");
    for (const { engine } of Object.values(system.stores)) {
      if (engine === "queue") names.add("redis");
      else if (engine !== "objects" && config.datastoreMode === "incluster") names.add(engine);
    }
  }
  return [...names].sort();
}

function imageProblems(system: System, config: StackConfig): Problem[] {
  const required = requiredImages(system, config);
  return required
    .filter((name) => !(name in config.images))
    .map((name) => ({
      where: `${project}:images.${name}`,
      message: `it is required. Set it with \`pulumi config set --path images.${name} registry/name:tag\`.`,
    }));
}

/** The keys under which external secrets are set: one for each, or one for each instance of a single writer. */
export function externalSecretKeys(system: System): Map<string, Secret> {
  const keys = new Map<string, Secret>();
  const writers = Object.values(system.services).flatMap(({ singleWriter }) => (singleWriter ? [singleWriter] : []));
  for (const [name, specification] of Object.entries(system.secrets)) {
    if (specification.origin !== "external") continue;
    const writer = writers.find(({ ownSecrets }) => ownSecrets.includes(name));
    if (!writer) keys.set(name, specification);
    else for (let instance = 0; instance < writer.instances; instance++) keys.set(`${name}_${instance}`, specification);
  }
  return keys;
}

function externalSecretProblems(system: System, config: StackConfig): Problem[] {
  const expected = externalSecretKeys(system);
  const given = config.externalSecrets;
  const unknown = Object.keys(given)
    .filter((key) => !expected.has(key))
    .map((key) => ({
      where: `${project}:externalSecrets.${key}`,
      message: `the system has no such secret; remove it. It has ${list(Object.fromEntries(expected))}.`,
    }));
  const missing = profiles[config.profile].standInSecrets
    ? []
    : [...expected.keys()]
        .filter((key) => !(key in given))
        .map((key) => ({
          where: `${project}:externalSecrets.${key}`,
          message: `it is required in the ${config.profile} profile. Set it with \`pulumi config set --secret --path externalSecrets.${key}\`.`,
        }));
  const malformed = [...expected].flatMap(([key, { format, requirement }]) => {
    const value = given[key];
    return value === undefined || fits(value, format)
      ? []
      : [
          {
            where: `${project}:externalSecrets.${key}`,
            message: `the value does not look like ${describe(format)} (${requirement}); set the right one.`,
          },
        ];
  });
  const repeated = Object.entries(given)
    .filter(([key, value]) => Object.entries(given).some(([other, same]) => other < key && same === value))
    .map(([key]) => ({
      where: `${project}:externalSecrets.${key}`,
      message: "it has the value of another secret; each needs its own.",
    }));
  return [...unknown, ...missing, ...malformed, ...repeated];
}

function fits(value: string, { prefix = "", bytes, encoding }: Secret["format"]): boolean {
  if (!value.startsWith(prefix)) return false;
  const rest = value.slice(prefix.length);
  return encoding === "hex"
    ? new RegExp(`^[0-9a-fA-F]{${bytes * 2}}$`).test(rest)
    : rest.length >= bytes && /^[\w.~+/=-]+$/.test(rest);
}

function describe({ prefix, bytes, encoding }: Secret["format"]): string {
  const start = prefix === undefined ? "" : `"${prefix}" and `;
  return encoding === "hex"
    ? `${start}${bytes * 2} hexadecimal digits`
    : `${start}at least ${bytes} characters without spaces`;
}

function omissionProblems(config: StackConfig, today: string): Problem[] {
  return config.omissions.flatMap(({ feature, expires }, index) => {
    const where = `${project}:omissions[${index}]`;
    const problems: Problem[] = [];
    if (expires <= today) {
      problems.push({
        where,
        message: `leaving out ${feature} was allowed until ${expires}; provide it, or set a later day with a reason.`,
      });
    }
    if (config.profile === "production") {
      problems.push({
        where,
        message: `${feature} cannot be left out in the production profile; remove the omission.`,
      });
    }
    return problems;
  });
}

function hostProblems(system: System, { hosts, omissions }: StackConfig): Problem[] {
  const omitted = omissions.some(({ feature }) => feature === "public-endpoints");
  const missing = Object.keys(system.publicEndpoints).filter((name) => !omitted && !(name in hosts));
  const unknown = Object.keys(hosts).filter((name) => !(name in system.publicEndpoints));
  return [
    ...missing.map((name) => ({
      where: `${project}:hosts.${name}`,
      message: `it is required. Set it to the host name of the public endpoint: \`pulumi config set --path hosts.${name} HOST\`.`,
    })),
    ...unknown.map((name) => ({
      where: `${project}:hosts.${name}`,
      message: `the system has no such public endpoint; remove it. It has ${list(system.publicEndpoints)}.`,
    })),
  ];
}

function unprotectedProblems({ services, stores }: System, { unprotected }: StackConfig): Problem[] {
  const withVolumes = Object.entries(services).filter(([, { volumes }]) => volumes !== undefined);
  const known = { ...stores, ...Object.fromEntries(withVolumes) };
  return unprotected
    .map((name, index) => ({ name, where: `${project}:unprotected[${index}]` }))
    .filter(({ name }) => !(name in known))
    .map(({ name, where }) => ({
      where,
      message: `"${name}" is no store or service with volumes; remove it, or name one of ${list(known)}.`,
    }));
}
