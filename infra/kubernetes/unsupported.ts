import { X509Certificate } from "node:crypto";

import type { Problem } from "../errors.ts";
import type { OmittableFeature, Settings } from "../settings.ts";
import type { Store } from "../spec/store.ts";
import type { System } from "../spec/system.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import type { Target } from "./target.ts";

/**
 * What this target cannot do yet with a specification: every part is deployed, or left out by the stack in the open, or named
 * here with what to do.
 */
export function unsupported(system: System, settings: Settings): Problem[] {
  const omitted = new Set(settings.omissions.map(({ feature }) => feature));
  const omittable = (where: string, name: string, feature: OmittableFeature): Problem[] =>
    omitted.has(feature)
      ? []
      : [problem(where, name, `name "${feature}" in the omissions setting with a reason and an end, or deploy to ecs`)];
  return [
    ...Object.keys(system.publicEndpoints).flatMap((name) =>
      omittable(`publicEndpoints.${name}`, "a public endpoint", "public-endpoints"),
    ),
    ...Object.keys(system.jobs).flatMap((name) => omittable(`jobs.${name}`, "a job", "jobs")),
    ...Object.entries(system.services).flatMap(([name, { release, scaling }]) => [
      ...(release.strategy === "blue-green"
        ? omittable(`services.${name}.release`, "a blue-green release", "blue-green")
        : []),
      ...("minimum" in scaling ? omittable(`services.${name}.scaling`, "autoscaling", "autoscaling") : []),
    ]),
    ...Object.entries(system.stores).flatMap(([name, store]) =>
      store.engine === "objects"
        ? omittable(`stores.${name}`, "an object store", "object-stores")
        : storeProblems(`stores.${name}`, store, settings),
    ),
    ...unwatchedServices(system),
    ...takenNames(system),
    ...certificateProblems(settings.sealingCertificate),
  ];
}

function problem(where: string, feature: string, remedy: string): Problem {
  return { where, message: `${feature} is not supported on kubernetes: ${remedy}.` };
}

function storeProblems(where: string, store: Exclude<Store, { engine: "objects" }>, settings: Settings): Problem[] {
  if (store.engine === "mongodb") return [problem(where, "a MongoDB store", "deploy to ecs")];
  if (settings.datastoreMode === "managed") {
    return [problem(where, `a managed ${store.engine} store`, "set datastoreMode to incluster, or deploy to ecs")];
  }
  const problems: Problem[] = [];
  if (settings.profile.highlyAvailable) {
    const feature = `a highly available ${store.engine} store in the cluster`;
    problems.push(problem(where, feature, "set profile to dev or staging, or deploy to ecs"));
  }
  if (store.engine === "postgres" && (store.replicas ?? 0) > 0) {
    problems.push(problem(`${where}.replicas`, "a read replica of postgres", "set it to 0, or deploy to ecs"));
  }
  return problems;
}

/** Prometheus knows that a service is down because it reads its metrics. */
function unwatchedServices({ alerts, services }: System): Problem[] {
  return alerts.flatMap(({ name, condition }) => {
    const watched =
      condition.kind === "down" ? condition.services : condition.kind === "service-memory" ? [condition.service] : [];
    return watched
      .filter((service) => services[service]?.metrics === undefined)
      .map((service) =>
        problem(`alerts.${name}`, `watching "${service}", which has no metrics,`, "give the service metrics"),
      );
  });
}

/** Services and stores share the namespace with monitoring. */
function takenNames({ services, stores }: System): Problem[] {
  const taken: string[] = [prometheus.name, alertmanager.name];
  return Object.entries({ services, stores }).flatMap(([kind, all]) =>
    taken
      .filter((name) => name in all)
      .map((name) => ({ where: `${kind}.${name}`, message: "the name belongs to monitoring; choose another one." })),
  );
}

function certificateProblems(certificate: string): Problem[] {
  const where = "sealingCertificate";
  try {
    const { publicKey } = new X509Certificate(certificate);
    if (publicKey.asymmetricKeyType === "rsa") return [];
    return [{ where, message: "its key is not an RSA key; set it to the text that `kubeseal --fetch-cert` prints." }];
  } catch {
    return [{ where, message: "it is not a certificate; set it to the text that `kubeseal --fetch-cert` prints." }];
  }
}

/** The stores that the stack leaves out. */
export function omittedStores({ system, settings }: Target): ReadonlySet<string> {
  if (!settings.omissions.some(({ feature }) => feature === "object-stores")) return new Set();
  return new Set(
    Object.entries(system.stores)
      .filter(([, { engine }]) => engine === "objects")
      .map(([name]) => name),
  );
}
