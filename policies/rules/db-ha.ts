import type { Check, Resource } from "../frame/check.ts";
import { textOf, type Field } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack } from "../frame/stack.ts";
import {
  CACHE_CLUSTER,
  CACHE_GROUP,
  clusterStoreOf,
  RDS_CLUSTER,
  RDS_CLUSTER_INSTANCE,
  RDS_INSTANCE,
  serverOf,
} from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { refersTo } from "../workloads/links.ts";
import { atLeast, isOn } from "../workloads/values.ts";

interface Parameters {
  minMongoMembers: number;
}

/** Where operators for databases in the cluster keep the number of servers, and how many a takeover needs. */
const OPERATED: Readonly<Record<string, { path: readonly string[]; mongo: boolean }>> = {
  "kubernetes:postgresql.cnpg.io/v1:Cluster": { path: ["spec", "instances"], mongo: false },
  "kubernetes:acid.zalan.do/v1:postgresql": { path: ["spec", "numberOfInstances"], mongo: false },
  "kubernetes:mongodbcommunity.mongodb.com/v1:MongoDBCommunity": { path: ["spec", "members"], mongo: true },
};

/** A database outlives the loss of a machine or zone: another server takes over. */
export const dbHa = definePolicy<Parameters>({
  id: "POL-DB-HA",
  title: "Databases highly available",
  severity: "high",
  level: "mandatory",
  targets: ["aws", "kubernetes"],
  controls: { fsbp: ["RDS.5", "RDS.15", "ElastiCache.3"], soc2: ["A1.2"] },
  requirements: ["AR-SEC-32", "RB-SEC-25", "RB-SEC-45"],
  remediation: "Let a second server in another zone stand by and take over by itself.",
  parameters: {
    minMongoMembers: {
      type: "integer",
      minimum: 3,
      description: "Members of a MongoDB replica set, of which most must live to elect a primary.",
      default: 3,
    },
  },
  check(check, resource, { minMongoMembers }) {
    if (isDevelopment(resource)) {
      return;
    }
    checkManaged(check, resource);
    const operated = OPERATED[resource.type];
    if (operated !== undefined) {
      const least = operated.mongo ? minMongoMembers : 2;
      check.expect(resource.properties.get(...operated.path), atLeast(least), {
        expected: `at least ${least} servers`,
      });
    }
    const store = clusterStoreOf(resource);
    if (store !== undefined && store.engine !== "redis") {
      const least = store.engine === "mongodb" ? minMongoMembers : 2;
      // Without the property Kubernetes runs one.
      check.expect(resource.properties.get("spec", "replicas"), atLeast(least), {
        expected: `at least ${least} servers in the cluster, or a managed database`,
        fix: "Use a managed database, or an operator that runs standbys.",
      });
    }
  },
  checkStack(stack) {
    for (const cluster of stack.resources.filter(({ type }) => type === RDS_CLUSTER)) {
      if (!isDevelopment(cluster) && textOf(cluster.properties.get("engine").value).startsWith("aurora")) {
        checkAurora(stack, cluster);
      }
    }
  },
  remediate(draft) {
    if (draft.type === RDS_INSTANCE && draft.get("replicateSourceDb").absent) {
      draft.get("multiAz").set(true);
    }
  },
});

function checkManaged(check: Check, resource: Resource): void {
  const { type, properties } = resource;
  const server = serverOf(resource);
  if (server?.kind === "instance" && !server.replica) {
    check.expect(properties.get("multiAz"), isOn, {
      expected: "true: a standby in another zone",
      fix: "Set multiAz to true.",
    });
  }
  if (type === CACHE_GROUP) {
    const fix = "Give the cache a replica in another zone, automaticFailoverEnabled and multiAzEnabled.";
    check.expect(properties.get("automaticFailoverEnabled"), isOn, { expected: "true: a replica takes over", fix });
    check.expect(properties.get("multiAzEnabled"), isOn, { expected: "true: replicas in other zones", fix });
    const shards = properties.get("numNodeGroups");
    const nodes = properties.get(shards.absent ? "numCacheClusters" : "replicasPerNodeGroup");
    check.expect(nodes, atLeast(shards.absent ? 2 : 1), { expected: "a node to take over", fix });
  }
  if (type === CACHE_CLUSTER && isLoneRedis(properties)) {
    check.object(properties.get("engine"), {
      expected: "a replication group, since a single node has nobody to take over",
      fix: "Use an aws.elasticache.ReplicationGroup.",
    });
  }
}

/** A node of its own that is no memcached, of which nobody expects a takeover. */
function isLoneRedis(properties: Field): boolean {
  const engine = properties.get("engine");
  return !engine.unknown && engine.value !== "memcached" && properties.get("replicationGroupId").absent;
}

/** Aurora needs a second instance, which only the stack shows. */
function checkAurora(stack: Stack, cluster: Stack["resources"][number]): void {
  const instances = stack.resources.filter(({ type }) => type === RDS_CLUSTER_INSTANCE);
  const place = (instance: (typeof instances)[number]) => instance.properties.get("clusterIdentifier");
  const own = instances.filter((one) => refersTo(one, place(one), cluster, ["clusterIdentifier", "id"]));
  const astray = instances.filter(
    (one) => place(one).unknown && (one.propertyDependencies["clusterIdentifier"] ?? []).length === 0,
  );
  astray.forEach((one) => stack.check(one).known(place(one)));
  if (own.length < 2 && astray.length === 0) {
    stack.check(cluster).object(cluster.properties.get("clusterIdentifier"), {
      found: own.length === 0 ? "a cluster without an instance" : "a cluster with one instance",
      expected: "at least 2 instances, so that one can take over",
      fix: "Add an aws.rds.ClusterInstance in another zone.",
    });
  }
}
