import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import type { Stack, StackResource } from "../frame/stack.ts";
import { type BySystem, valueFor } from "../workloads/by-system.ts";
import { clusterStoreOf, RDS_CLUSTER_INSTANCE, RDS_INSTANCE, serverOf } from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { refersTo } from "../workloads/links.ts";
import type { Field } from "../frame/field.ts";

interface Parameters {
  minReplicas: BySystem<number>;
}

const OPERATED = "kubernetes:postgresql.cnpg.io/v1:Cluster";

/** Systems whose reads outgrow one server have replicas to read from. */
export const dbReplica = definePolicy<Parameters>({
  id: "POL-DB-REPLICA",
  title: "Read replicas exist where required",
  severity: "medium",
  level: "mandatory",
  targets: ["aws", "kubernetes"],
  controls: {},
  requirements: ["EB-SEC-12", "CC-SEC-17", "RB-SEC-14"],
  remediation: "Set the number of read replicas of the database in the specification.",
  parameters: {
    minReplicas: {
      type: "object",
      additionalProperties: { type: "integer", minimum: 0 },
      description: "Least number of read replicas of each relational database, by system.",
      default: { "ecommerce-bot": 1, "retail-brain": 1, default: 0 },
    },
  },
  checkStack(stack, { minReplicas }) {
    for (const resource of stack.resources) {
      const least = isDevelopment(resource) ? 0 : (valueFor(minReplicas, resource) ?? 0);
      if (least > 0) {
        checkManaged(stack, resource, least);
        checkInCluster(stack, resource, least);
      }
    }
  },
});

function checkManaged(stack: Stack, resource: StackResource, least: number): void {
  const server = serverOf(resource);
  if (server === undefined || server.replica) {
    return;
  }
  const instance = server.kind === "instance";
  const [type, property] = instance ? [RDS_INSTANCE, "replicateSourceDb"] : [RDS_CLUSTER_INSTANCE, "clusterIdentifier"];
  const names = instance ? ["identifier", "arn", "id"] : ["clusterIdentifier", "id"];
  const others = stack.resources.filter((one) => one.type === type && one !== resource);
  const copies = others.filter((one) => refersTo(one, one.properties.get(property), resource, names));
  const astray = others.filter(
    (one) => one.properties.get(property).unknown && !one.propertyDependencies[property]?.length,
  );
  astray.forEach((one) => stack.check(one).known(one.properties.get(property)));
  // The first instance of a cluster writes.
  const count = instance ? copies.length : Math.max(0, copies.length - 1);
  if (count < least && astray.length === 0) {
    const at = resource.properties.get(instance ? "identifier" : "clusterIdentifier");
    stack.check(resource).object(at, objection(count, least));
  }
}

function checkInCluster(stack: Stack, resource: StackResource, least: number): void {
  const servers = serversOf(resource);
  if (servers !== undefined && stack.check(resource).known(servers)) {
    const count = Math.max(0, Number(textOf(servers.value) || 1) - 1);
    if (count < least) {
      stack.check(resource).object(servers, objection(count, least));
    }
  }
}

/** Where a PostgreSQL in the cluster keeps the number of its servers. */
function serversOf(resource: StackResource): Field | undefined {
  if (resource.type === OPERATED) {
    return resource.properties.get("spec", "instances");
  }
  return clusterStoreOf(resource)?.engine === "postgres" ? resource.properties.get("spec", "replicas") : undefined;
}

function objection(count: number, least: number) {
  return { found: `${count} read ${count === 1 ? "replica" : "replicas"}`, expected: `at least ${least}` };
}
