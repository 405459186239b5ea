import * as pulumi from "@pulumi/pulumi";

import type { HealthCheck } from "../spec/health.ts";
import { instancesOf, secretKeys } from "../spec/instances.ts";
import { storeUsers } from "../spec/flows.ts";
import { clusterName } from "./cluster.ts";
import type { Network } from "./network.ts";
import { bucketName } from "./objects.ts";
import { secretPath, secretReference, storeSecretPath } from "./secrets.ts";
import { serviceName } from "./service.ts";
import type { Target } from "./target.ts";
import { topicArn } from "./notifications.ts";

/** Addresses by service: public ones where there are any, else those inside the VPC. */
export function endpoints({ system, settings }: Target): Record<string, string> {
  const inside = Object.entries(system.services).flatMap(([name, { ports }]) =>
    Object.values(ports)
      .slice(0, 1)
      .map(({ port, protocol = "http" }) => [name, `${protocol === "http" ? "http://" : ""}${name}:${port}`]),
  );
  const open = Object.entries(system.publicEndpoints).map(([name, { service }]) => [
    service,
    `https://${settings.hosts[name] ?? ""}`,
  ]);
  return Object.fromEntries([...inside, ...open].sort()) as Record<string, string>;
}

/** The health paths that can be asked from outside. */
export function healthChecks({ system, settings }: Target): HealthCheck[] {
  return Object.entries(system.publicEndpoints).map(([name, { service, healthPath }]) => ({
    service,
    namespace: settings.hosts[name] ?? "",
    port: 443,
    path: healthPath,
  }));
}

/** The names of all clusters, sorted. */
export function clusterNames(target: Target): string[] {
  return [...new Set(Object.keys(target.system.services).map((name) => clusterName(target, name)))].sort();
}

/** The names of all ECS services, one for each instance of a single writer, sorted. */
export function serviceNames(target: Target): string[] {
  return Object.entries(target.system.services)
    .flatMap(([name, service]) => instancesOf(name, service).map((instance) => serviceName(target, instance)))
    .sort();
}

/** The ARNs of all secrets without their six random characters, sorted. */
export function secretArns(target: Target): string[] {
  const { secrets, stores } = target.system;
  const own = Object.keys(secrets).flatMap((variable) =>
    secretKeys(target.system, variable).map((key) => secretPath(target, key)),
  );
  const users = Object.entries(stores)
    .filter(([, { engine }]) => engine === "postgres" || engine === "redis")
    .flatMap(([store]) =>
      storeUsers(target.system, store).map(({ workload }) => storeSecretPath(target, store, workload)),
    );
  return [...own, ...users].map((path) => secretReference(target, path)).sort();
}

/** The bucket of the first object store whose objects can be deleted; empty without one. */
export function backupBucket(target: Target): string {
  for (const [name, store] of Object.entries(target.system.stores)) {
    if (store.engine === "objects" && store.locked !== true) return bucketName(target, name);
  }
  return "";
}

/** The topics of alerts, the critical one first. */
export function alertTopics(target: Target): string {
  return [topicArn(target, "critical"), topicArn(target, "warning")].join(",");
}

/** The VPC and its subnets, the ids of each kind joined by commas. */
export function networkIds({ vpcId, publicSubnetIds, privateSubnetIds, dataSubnetIds }: Network) {
  const joined = (ids: pulumi.Output<string>[]) => pulumi.all(ids).apply((known) => known.join(","));
  return {
    vpcId,
    publicSubnetIds: joined(publicSubnetIds),
    privateSubnetIds: joined(privateSubnetIds),
    dataSubnetIds: joined(dataSubnetIds),
  };
}
