import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { podOf, type Pod } from "./kubernetes.ts";
import { isNotOff, isOn } from "./values.ts";

export const RDS_INSTANCE = "aws:rds/instance:Instance";
export const RDS_CLUSTER = "aws:rds/cluster:Cluster";
export const RDS_CLUSTER_INSTANCE = "aws:rds/clusterInstance:ClusterInstance";
export const DOCDB_CLUSTER = "aws:docdb/cluster:Cluster";
export const DOCDB_INSTANCE = "aws:docdb/clusterInstance:ClusterInstance";
export const CACHE_GROUP = "aws:elasticache/replicationGroup:ReplicationGroup";
export const CACHE_CLUSTER = "aws:elasticache/cluster:Cluster";

/** A database server of RDS: a single instance, or a cluster (Aurora or Multi-AZ). */
export interface Server {
  kind: "instance" | "cluster";
  properties: Field;
  /** In lower case; empty when it is not stated, as for a replica, which has its source's. */
  engine: string;
  /** A copy of another server, which is backed up and made available there. */
  replica: boolean;
}

/** The RDS server that a resource makes. */
export function serverOf({ type, properties }: Resource): Server | undefined {
  const kind = type === RDS_INSTANCE ? "instance" : type === RDS_CLUSTER ? "cluster" : undefined;
  const source = properties.get(kind === "instance" ? "replicateSourceDb" : "replicationSourceIdentifier");
  const engine = textOf(properties.get("engine").value).toLowerCase();
  return kind && { kind, properties, engine, replica: !source.absent && source.value !== "" };
}

/** Whether the engine is a PostgreSQL, Aurora's included. */
export function isPostgres(engine: string): boolean {
  return engine === "postgres" || engine === "aurora-postgresql";
}

/** The major number of a version: 17 of "17.11"; undefined if there is none. */
export function majorOf(version: unknown): number | undefined {
  const match = /^\D?(\d+)/.exec(textOf(version));
  return match === null ? undefined : Number(match[1]);
}

/** The servers that containers are known to run, by the name of their image. */
const IMAGES = {
  postgres: /^(?:postgres|postgresql|pgvector|timescaledb|spilo)\b(?!.*exporter)/,
  mongodb: /^(?:mongo|mongodb|percona-server-mongodb)\b(?!.*exporter)/,
  redis: /^(?:redis|valkey|keydb)\b(?!.*exporter)/,
} as const;

export type StoreEngine = keyof typeof IMAGES;

/** A database that runs in the cluster. */
export interface ClusterStore {
  engine: StoreEngine;
  pod: Pod;
  /** The container that runs the server. */
  container: Field;
  /** What the image's tag says, if it is a version. */
  major: number | undefined;
}

/** The database that a StatefulSet or Deployment runs, known by the name of its image. */
export function clusterStoreOf(resource: Resource): ClusterStore | undefined {
  const pod = podOf(resource);
  if (pod === undefined || !["StatefulSet", "Deployment", "ReplicaSet"].includes(pod.kind)) {
    return undefined;
  }
  for (const container of pod.spec.get("containers").items()) {
    const [reference = ""] = textOf(container.get("image").value).split("@", 1);
    const [image = "", tag = ""] = (reference.split("/").at(-1) ?? "").split(":", 2);
    const engine = (Object.keys(IMAGES) as StoreEngine[]).find((name) => IMAGES[name].test(image));
    if (engine !== undefined) {
      return { engine, pod, container, major: /^v?\d{1,3}(?:[.-]|$)/.test(tag) ? majorOf(tag) : undefined };
    }
  }
  return undefined;
}

/** What every server of RDS needs to stay up to date and not to vanish, whatever its engine. */
export function expectMaintained(check: Check, resource: Resource, development: boolean): void {
  const { type, properties } = resource;
  if (type !== RDS_CLUSTER_INSTANCE && !development) {
    check.expect(properties.get("deletionProtection"), isOn, {
      expected: "true, so that no mistake deletes the database",
      fix: "Set deletionProtection to true.",
    });
  }
  // Without the property AWS upgrades.
  check.expect(properties.get("autoMinorVersionUpgrade"), isNotOff, {
    expected: "true, so that fixes of the engine arrive by themselves",
    fix: "Remove autoMinorVersionUpgrade or set it to true.",
  });
}
