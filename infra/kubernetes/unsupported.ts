import { X509Certificate } from "node:crypto";

import { engineProblems } from "../aws/store-problems.ts";
import type { Problem } from "../errors.ts";
import { colours, type Settings } from "../settings.ts";
import { withoutFeatures } from "../spec/omit.ts";
import type { Store } from "../spec/store.ts";
import type { System } from "../spec/system.ts";
import { databaseAuthorities } from "./database-authorities.ts";
import { alertmanager, prometheus } from "./monitoring-names.ts";
import { colourName, previewOf } from "./names.ts";

/**
 * What this target cannot do yet with a specification: every part is deployed, or left out by the stack in the open, or named
 * here with what to do.
 */
export function unsupported(whole: System, settings: Settings): Problem[] {
  const system = withoutFeatures(whole, settings.omissions);
  return [
    ...Object.entries(system.stores).flatMap(([name, store]) => storeProblems(`stores.${name}`, store, settings)),
    ...objectUsers(system, settings),
    ...authorityProblems(system, settings),
    ...unwatchedServices(system),
    ...takenNames(system),
    ...certificateProblems(settings.sealingCertificate),
  ];
}

function problem(where: string, feature: string, remedy: string): Problem {
  return { where, message: `${feature} is not supported on kubernetes: ${remedy}.` };
}

function storeProblems(where: string, store: Store, { datastoreMode, profile }: Settings): Problem[] {
  if (store.engine === "mongodb") {
    return [problem(where, "a MongoDB store", "run it elsewhere and name its hosts under outside")];
  }
  if (datastoreMode === "managed") return store.engine === "queue" ? [] : engineProblems(where, store);
  if (store.engine === "objects") {
    const remedy = `set datastoreMode to managed, name "object-stores" in the omissions setting with a reason and an end, or deploy to ecs`;
    return [problem(where, "an object store in the cluster", remedy)];
  }
  const problems: Problem[] = [];
  if (profile.highlyAvailable) {
    const feature = `a highly available ${store.engine} store in the cluster`;
    problems.push(problem(where, feature, "set datastoreMode to managed, or profile to dev or staging"));
  }
  if (store.engine === "postgres" && (store.replicas ?? 0) > 0) {
    problems.push(
      problem(
        `${where}.replicas`,
        "a read replica of postgres in the cluster",
        "set it to 0, or datastoreMode to managed",
      ),
    );
  }
  return problems;
}

/** A pod has no identity in AWS with which it could use a bucket. */
function objectUsers({ stores, flows }: System, { datastoreMode }: Settings): Problem[] {
  if (datastoreMode !== "managed") return [];
  return flows.flatMap(({ from, to }) => {
    if (!("store" in to) || stores[to.store]?.engine !== "objects") return [];
    const workload = "service" in from ? from.service : "job" in from ? from.job : "";
    const feature = `the use of an object store by "${workload}", whose pods have no identity in AWS,`;
    return [
      problem(
        `stores.${to.store}`,
        feature,
        'name "object-stores" in the omissions setting with a reason and an end, or deploy to ecs',
      ),
    ];
  });
}

/** A store whose certificate cannot be proved is not used. */
function authorityProblems({ stores }: System, { datastoreMode, aws }: Settings): Problem[] {
  const databases = Object.values(stores).some(({ engine }) => engine === "postgres");
  if (datastoreMode !== "managed" || aws === undefined || !databases || databaseAuthorities(aws.region) !== "")
    return [];
  return [
    problem(
      "aws.region",
      `a managed database in ${aws.region}, whose certificate authorities are not known,`,
      "choose another region, or deploy to ecs",
    ),
  ];
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

/** Services, stores and jobs share the namespace with monitoring and with what is made for the two colours of a service. */
function takenNames({ services, stores, jobs }: System): Problem[] {
  const owners = new Map<string, string>([prometheus, alertmanager].map(({ name }) => [name, "monitoring"]));
  for (const [name, { release }] of Object.entries(services)) {
    if (release.strategy !== "blue-green") continue;
    for (const taken of [previewOf(name), ...colours.map((colour) => colourName(name, colour))]) {
      owners.set(taken, `the blue-green release of ${name}`);
    }
  }
  return Object.entries({ services, stores, jobs }).flatMap(([kind, all]) =>
    Object.keys(all).flatMap((name) => {
      const owner = owners.get(name);
      return owner === undefined
        ? []
        : [{ where: `${kind}.${name}`, message: `the name belongs to ${owner}; choose another one.` }];
    }),
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
