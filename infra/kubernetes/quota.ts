import type { Service } from "../spec/service.ts";
import { toMebibytes, toMillicpu, type Size } from "../spec/units.ts";
import { managedStores } from "./managed.ts";
import { monitoringResources, monitoringStorage } from "./monitoring.ts";
import { postgresResources } from "./postgres.ts";
import { limitedSize } from "./quantities.ts";
import { queuePlan } from "./queue.ts";
import { redisStorage } from "./redis-config.ts";
import { exporterResources } from "./redis-exporter.ts";
import { redisResources } from "./redis.ts";
import { copiesOf } from "../copies.ts";
import { mostPods } from "./release.ts";
import type { Target } from "./target.ts";

/** The most that pods of one kind take at one moment. */
export interface Footprint {
  pods: number;
  /** Of each container. */
  containers: readonly Service["resources"][];
  /** Volumes of each pod. */
  volumes: readonly Size[];
}

/** The most that a system takes in its namespace, releases included; what goes beyond is a mistake or an intruder. */
export function resourceQuota(target: Target): Record<string, string> {
  const footprints = [
    ...serviceFootprints(target),
    ...jobFootprints(target),
    ...storeFootprints(target),
    ...monitoringFootprints(),
  ];
  const { storageLimit } = target.settings.profile;
  const perContainer = (amount: (resources: Service["resources"]) => number) =>
    sum(({ containers }) => containers.reduce((total, resources) => total + amount(resources), 0));
  const sum = (amount: (footprint: Footprint) => number) =>
    footprints.reduce((total, footprint) => total + footprint.pods * amount(footprint), 0);
  const storage = ({ volumes }: Footprint) =>
    volumes.reduce((total, size) => total + toMebibytes(limitedSize(size, storageLimit)), 0);
  return {
    "requests.cpu": `${perContainer(({ requests }) => toMillicpu(requests.cpu))}m`,
    "requests.memory": `${perContainer(({ requests }) => toMebibytes(requests.memory))}Mi`,
    "limits.cpu": `${perContainer(({ limits }) => toMillicpu(limits.cpu))}m`,
    "limits.memory": `${perContainer(({ limits }) => toMebibytes(limits.memory))}Mi`,
    pods: String(sum(() => 1)),
    persistentvolumeclaims: String(sum(({ volumes }) => volumes.length)),
    "requests.storage": `${sum(storage)}Mi`,
    "services.loadbalancers": "0",
    "services.nodeports": "0",
  };
}

function serviceFootprints({ system, settings }: Target): Footprint[] {
  return Object.values(system.services).map((service) => ({
    pods: service.singleWriter?.instances ?? mostPods(copiesOf(service, settings).maximum, service.release),
    containers: [service.resources],
    volumes: Object.values(service.volumes ?? {}).map(({ size }) => size),
  }));
}

/** No job runs beside itself. */
function jobFootprints({ system }: Target): Footprint[] {
  return Object.values(system.jobs).map(({ resources }) => ({ pods: 1, containers: [resources], volumes: [] }));
}

function storeFootprints(target: Target): Footprint[] {
  const managed = managedStores(target);
  return Object.entries(target.system.stores).flatMap(([name, store]): Footprint[] => {
    if (managed.has(name)) return [];
    switch (store.engine) {
      case "postgres":
        return [{ pods: 1, containers: [postgresResources(store)], volumes: [store.storage] }];
      case "redis":
      case "queue": {
        const plan = store.engine === "queue" ? queuePlan(store) : store;
        const volumes = plan.persistence === "none" ? [] : [redisStorage(plan.memory)];
        return [{ pods: 1, containers: [redisResources(plan), exporterResources], volumes }];
      }
      case "mongodb":
      case "objects":
        return [];
    }
  });
}

function monitoringFootprints(): Footprint[] {
  return [
    { pods: 1, containers: [monitoringResources.prometheus], volumes: [monitoringStorage.prometheus] },
    { pods: 1, containers: [monitoringResources.alertmanager], volumes: [monitoringStorage.alertmanager] },
  ];
}
