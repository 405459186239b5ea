import type { Problem } from "../errors.ts";
import type { PostgresStore, RedisStore, Store } from "../spec/store.ts";
import { toSeconds } from "../spec/units.ts";
import { parameterProblems } from "./postgres-parameters.ts";
import { offeredMajors } from "./versions.ts";

/** The least port of a database in RDS. */
const leastPort = 1150;
/** The most read replicas of a database, nodes of a cache without cluster mode, and deliveries of a message. */
const most = { replicas: 15, nodes: 6, deliveries: 1000 };
/** Days; the longest time for which S3 locks an object. */
const longestLock = 36_500;

/** What AWS cannot do with a store of an engine that it has, and what to do about it. */
export function engineProblems(where: string, store: Store): Problem[] {
  switch (store.engine) {
    case "postgres":
      return [
        ...versionProblems(where, store),
        ...parameterProblems(where, store),
        ...atLeast(`${where}.port`, `port ${store.port}`, store.port, leastPort),
        ...atMost(
          `${where}.replicas`,
          `a database with ${store.replicas} read replicas`,
          store.replicas ?? 0,
          most.replicas,
        ),
      ];
    case "redis":
      return [
        ...versionProblems(where, store),
        ...atMost(`${where}.nodes`, `a cache of ${store.nodes} nodes`, store.nodes, most.nodes),
      ];
    case "queue":
      return atMost(
        `${where}.maxDeliveries`,
        `a message with ${store.maxDeliveries} deliveries`,
        store.maxDeliveries,
        most.deliveries,
      );
    case "objects": {
      const days = toSeconds(store.retention) / 86_400;
      if (!Number.isInteger(days) || days < 1) {
        return [problem(`${where}.retention`, `a retention of ${store.retention}`, "write whole days")];
      }
      return store.locked ? atMost(`${where}.retention`, `a lock of ${days} d`, days, longestLock) : [];
    }
    case "mongodb":
      return [];
  }
}

function versionProblems(where: string, { engine, version }: PostgresStore | RedisStore): Problem[] {
  const majors = offeredMajors[engine];
  if (majors.includes(version)) return [];
  return [problem(`${where}.version`, `version ${version} of ${engine}`, `choose one of ${majors.join(", ")}`)];
}

function atLeast(where: string, feature: string, value: number, limit: number): Problem[] {
  return value < limit ? [problem(where, feature, `set it to at least ${limit}`)] : [];
}

function atMost(where: string, feature: string, value: number, limit: number): Problem[] {
  return value > limit ? [problem(where, feature, `set it to at most ${limit}`)] : [];
}

function problem(where: string, feature: string, remedy: string): Problem {
  return { where, message: `${feature} is not supported on AWS: ${remedy}.` };
}
