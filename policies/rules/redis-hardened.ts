import type { Check, Resource } from "../frame/check.ts";
import { textOf } from "../frame/field.ts";
import { definePolicy } from "../frame/policy.ts";
import { type BySystem, valueFor } from "../workloads/by-system.ts";
import { CACHE_GROUP, majorOf } from "../workloads/databases.ts";
import { isDevelopment } from "../workloads/environment.ts";
import { atLeast, isNotOff, isOn } from "../workloads/values.ts";
import { checkRedisFile, checkRedisServers } from "./redis-hardened/in-cluster.ts";

export interface RedisParameters {
  minVersion: BySystem<number>;
  minNodes: BySystem<number>;
  nodeTypes: BySystem<readonly string[]>;
  sharded: BySystem<boolean>;
  snapshotDays: number;
  eviction: BySystem<string>;
  maxmemory: BySystem<string>;
  save: BySystem<readonly string[]>;
  appendOnly: BySystem<boolean>;
  sentinelQuorum: BySystem<number>;
}

const PARAMETER_GROUP = "aws:elasticache/parameterGroup:ParameterGroup";

/** Redis lets in only who has a password, over TLS only, and outlives the loss of a node. */
export const redisHardened = definePolicy<RedisParameters>({
  id: "POL-REDIS-HARDENED",
  title: "Redis version, auth, TLS, high availability, persistence",
  severity: "high",
  level: "mandatory",
  targets: ["aws", "kubernetes"],
  controls: {
    fsbp: [
      "ElastiCache.1",
      "ElastiCache.2",
      "ElastiCache.3",
      "ElastiCache.4",
      "ElastiCache.5",
      "ElastiCache.6",
      "ElastiCache.7",
    ],
    pci: ["4.2.1", "8.3.1"],
  },
  requirements: ["WS-SEC-25", "EB-SEC-10", "AR-SEC-03", "AR-SEC-23", "AR-SEC-24", "RB-SEC-02", "RB-SEC-15"],
  remediation: "Set what the system's definition asks of its Redis.",
  parameters: {
    minVersion: table("Least major version, by system.", "integer", { archesai: 7, default: 6 }),
    minNodes: table("Least number of nodes, by system.", "integer", { default: 3 }),
    nodeTypes: table("Node types that a cache may have, by system; an empty list allows all.", "array", {
      worldstore: ["cache.r6g.large"],
      default: [],
    }),
    sharded: table("Whether the cache is spread over shards, by system.", "boolean", {
      "retail-brain": true,
      default: false,
    }),
    snapshotDays: {
      type: "integer",
      minimum: 1,
      description: "Days for which snapshots are kept at least.",
      default: 1,
    },
    eviction: table("The maxmemory-policy of caches, by system; an empty text allows all.", "string", {
      "ecommerce-bot": "allkeys-lru",
      archesai: "allkeys-lru",
      default: "",
    }),
    maxmemory: table("The maxmemory of caches in the cluster, by system; an empty text allows all.", "string", {
      "ecommerce-bot": "2gb",
      archesai: "2gb",
      default: "",
    }),
    save: table("Save points of servers in the cluster, by system.", "array", {
      "ecommerce-bot": ["900 1", "300 10", "60 10000"],
      archesai: ["900 1", "300 10", "60 10000"],
      default: [],
    }),
    appendOnly: table("Whether servers in the cluster keep an append-only file, by system.", "boolean", {
      archesai: true,
      default: false,
    }),
    sentinelQuorum: table("Sentinels that must agree in the cluster, by system; 0 for none.", "integer", {
      archesai: 2,
      default: 0,
    }),
  },
  check(check, resource, parameters) {
    if (resource.type === CACHE_GROUP) {
      checkGroup(check, resource, parameters);
      checkNodes(check, resource, parameters);
    }
    if (resource.type === PARAMETER_GROUP) {
      checkParameterGroup(check, resource, parameters);
    }
    checkRedisFile(check, resource, parameters);
  },
  checkStack: checkRedisServers,
  remediate(draft, { snapshotDays }) {
    if (draft.type === CACHE_GROUP) {
      const days = draft.get("snapshotRetentionLimit");
      if (!days.unknown && !days.secret && !atLeast(snapshotDays)(days.value)) {
        days.set(snapshotDays);
      }
      draft.get("transitEncryptionEnabled").set(true);
      draft.get("atRestEncryptionEnabled").set(true);
      if (!draft.get("autoMinorVersionUpgrade").absent) {
        draft.get("autoMinorVersionUpgrade").set(true);
      }
    }
  },
});

/** A parameter that differs between systems. */
function table<T>(description: string, type: "integer" | "array" | "boolean" | "string", values: BySystem<T>) {
  return { type: "object" as const, additionalProperties: { type }, description, default: values };
}

/** Who may reach the data, and how. */
function checkGroup(check: Check, resource: Resource, parameters: RedisParameters): void {
  const { properties } = resource;
  const least = valueFor(parameters.minVersion, resource) ?? 0;
  check.expect(properties.get("engineVersion"), (value) => value === undefined || (majorOf(value) ?? 0) >= least, {
    expected: `version ${least} or newer`,
  });
  check.expect(properties.get("transitEncryptionEnabled"), isOn, {
    expected: "true: TLS for every connection",
    fix: "Set transitEncryptionEnabled to true.",
  });
  const mode = properties.get("transitEncryptionMode");
  check.expect(mode, (value) => value !== "preferred", {
    expected: "required, since preferred lets clients in without TLS",
    fix: "Set transitEncryptionMode to required.",
  });
  const atRest = properties.get("atRestEncryptionEnabled");
  // Valkey is encrypted unless it is told otherwise.
  check.expect(atRest, (value) => isOn(value) || (value === undefined && properties.get("engine").value === "valkey"), {
    expected: "true",
    fix: "Set atRestEncryptionEnabled to true.",
  });
  const [groups, token] = [properties.get("userGroupIds"), properties.get("authToken")];
  const anyone = !groups.unknown && groups.items().length === 0 && token.absent && properties.get("authTokenWo").absent;
  if (anyone) {
    check.object(groups, {
      found: "neither users nor a password",
      expected: "a user group, or a password in authToken",
      fix: "Make a user for each service and name their group in userGroupIds.",
    });
  }
  check.expect(properties.get("subnetGroupName"), (value) => !["", "default"].includes(textOf(value)), {
    expected: "a subnet group of its own",
    fix: "Make an aws.elasticache.SubnetGroup of private subnets.",
  });
  check.expect(properties.get("autoMinorVersionUpgrade"), isNotOff, {
    expected: "true, so that fixes of the engine arrive by themselves",
    fix: "Remove autoMinorVersionUpgrade or set it to true.",
  });
}

/** What keeps the cache alive; development needs none of it. */
function checkNodes(check: Check, resource: Resource, parameters: RedisParameters): void {
  const { properties } = resource;
  if (isDevelopment(resource)) {
    return;
  }
  check.expect(properties.get("snapshotRetentionLimit"), atLeast(parameters.snapshotDays), {
    expected: `snapshots kept for at least ${parameters.snapshotDays} days`,
    fix: "Set snapshotRetentionLimit.",
  });
  check.expect(properties.get("automaticFailoverEnabled"), isOn, {
    expected: "true: a replica takes over",
    fix: "Set automaticFailoverEnabled to true.",
  });
  const types = valueFor(parameters.nodeTypes, resource) ?? [];
  if (types.length > 0) {
    check.expect(properties.get("nodeType"), (value) => types.includes(textOf(value)), {
      expected: types.join(" or "),
    });
  }
  const [shards, replicas] = [properties.get("numNodeGroups"), properties.get("replicasPerNodeGroup")];
  const least = valueFor(parameters.minNodes, resource) ?? 0;
  const expected = { expected: `at least ${least} nodes` };
  if (shards.absent) {
    check.expect(properties.get("numCacheClusters"), atLeast(least), expected);
  } else if (check.known(shards) && check.known(replicas)) {
    const nodes = Number(shards.value) * (1 + Number(replicas.value ?? 0));
    check.expect(shards, () => nodes >= least, { ...expected, found: `${nodes} nodes` });
  }
  if (valueFor(parameters.sharded, resource)) {
    check.expect(shards, atLeast(2), { expected: "at least 2 shards", fix: "Set numNodeGroups and clusterMode." });
  }
}

function checkParameterGroup(check: Check, resource: Resource, { eviction }: RedisParameters): void {
  const expected = valueFor(eviction, resource) ?? "";
  const list = resource.properties.get("parameters");
  if (
    expected === "" ||
    !/^(?:redis|valkey)/.test(textOf(resource.properties.get("family").value)) ||
    !check.known(list)
  ) {
    return;
  }
  const entry = list.items().find((item) => item.get("name").value === "maxmemory-policy");
  // Without the parameter ElastiCache evicts only what may expire.
  check.expect(entry?.get("value") ?? list, (value) => value === expected, {
    expected: `maxmemory-policy ${expected}`,
    ...(entry === undefined && { found: "volatile-lru by default" }),
  });
}
