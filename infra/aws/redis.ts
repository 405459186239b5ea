import { ParameterGroup } from "@pulumi/aws/elasticache/parameterGroup.js";
import { ReplicationGroup } from "@pulumi/aws/elasticache/replicationGroup.js";
import { SubnetGroup } from "@pulumi/aws/elasticache/subnetGroup.js";
import * as pulumi from "@pulumi/pulumi";

import { isProtected } from "../settings.ts";
import { storeUsers } from "../spec/flows.ts";
import type { RedisStore } from "../spec/store.ts";
import { toSeconds } from "../spec/units.ts";
import type { FunctionSurroundings } from "./functions.ts";
import { platformLogGroup } from "./logs.ts";
import { physicalName } from "./names.ts";
import type { Network } from "./network.ts";
import { cacheNodeIds, cacheTopology } from "./redis-nodes.ts";
import { CacheUsers } from "./redis-users.ts";
import { StoreUserSecret } from "./store-user-secret.ts";
import { componentTags } from "./tags.ts";
import type { Target } from "./target.ts";
import { redisVersion } from "./versions.ts";

/** UTC; the snapshot is over before the maintenance. */
const snapshotWindow = "00:30-01:30";
const maintenanceWindow = "sun:04:00-sun:05:00";

/** What a cache needs. */
export interface RedisArgs extends Pick<FunctionSurroundings, "groups" | "keys"> {
  target: Target;
  /** The store's name in the specification. */
  store: string;
  specification: RedisStore;
  network: Pick<Network, "dataSubnetIds">;
}

/**
 * A cache: Redis in ElastiCache, over TLS only, with a user for each service and job that may reach it.
 *
 * ElastiCache keeps no append-only file: what must not vanish is in copies on other nodes and in daily snapshots. Its
 * memory is that of the node type.
 */
export class Redis extends pulumi.ComponentResource {
  /** host:port */
  readonly endpoint: pulumi.Output<string>;
  /** Users of the cache, sorted by service or job. */
  readonly users: readonly StoreUserSecret[];

  constructor(name: string, args: RedisArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Redis", name, {}, opts);
    const { target, store, specification, network, groups, keys } = args;
    const { settings } = target;
    const { version: major, port, nodeType, persistence } = specification;
    const offered = redisVersion(major);
    if (offered === undefined) throw new Error(`ElastiCache has no Redis ${major}`);
    const own = { parent: this, protect: isProtected(settings, store) };
    const id = physicalName(target, "replicationGroup", store);

    const subnets = new SubnetGroup(
      `${name}-subnets`,
      {
        name: physicalName(target, "cacheSubnetGroup", store),
        description: `Data subnets of ${store}`,
        subnetIds: network.dataSubnetIds,
        tags: componentTags(store),
      },
      { parent: this },
    );
    const parameters = new ParameterGroup(
      `${name}-parameters`,
      {
        name: physicalName(target, "cacheParameterGroup", store, offered.family.replace(".", "")),
        description: `Settings of ${store}`,
        family: offered.family,
        parameters: cacheParameters(target, specification),
        tags: componentTags(store),
      },
      { parent: this },
    );
    const passwords = new CacheUsers(`${name}-users`, { target, store }, { parent: this });
    const group = new ReplicationGroup(
      `${name}-group`,
      {
        replicationGroupId: id,
        description: specification.use,
        engine: "redis",
        engineVersion: offered.version,
        nodeType: settings.profile.managedNodes === "smallest" ? "cache.t4g.micro" : nodeType,
        port,
        ...topology(target, specification),
        parameterGroupName: parameters.name,
        subnetGroupName: subnets.name,
        securityGroupIds: [groups.of({ kind: "store", name: store })],
        userGroupIds: [passwords.userGroupId],
        transitEncryptionEnabled: true,
        transitEncryptionMode: "required",
        atRestEncryptionEnabled: true,
        kmsKeyId: keys.arn("data"),
        autoMinorVersionUpgrade: true,
        applyImmediately: false,
        maintenanceWindow,
        ...(persistence === "none"
          ? { snapshotRetentionLimit: 0 }
          : { snapshotRetentionLimit: toSeconds(settings.profile.backupRetention) / 86_400, snapshotWindow }),
        ...(persistence === "none" || settings.profileName === "dev" ? {} : { finalSnapshotIdentifier: `${id}-final` }),
        logDeliveryConfigurations: ["slow-log", "engine-log"].map((logType) => ({
          logType,
          logFormat: "json",
          destinationType: "cloudwatch-logs",
          destination: platformLogGroup(target, "redis"),
        })),
        tags: componentTags(store),
      },
      own,
    );

    const host = target.aws.redisClusterMode ? group.configurationEndpointAddress : group.primaryEndpointAddress;
    this.endpoint = pulumi.interpolate`${host}:${port}`;
    this.users = storeUsers(target.system, store).map(
      (user) =>
        new StoreUserSecret(
          `${name}-${user.workload}`,
          {
            target,
            store,
            user,
            keys,
            password: passwords.of(user.workload),
            url: (login, password) => pulumi.interpolate`rediss://${login}:${password}@${host}:${port}`,
            values: {
              host,
              port: String(port),
              nodes: host.apply((address) => nodeAddresses(address, cacheNodeIds(target, store), port)),
            },
          },
          { parent: this },
        ),
    );
    this.registerOutputs({});
  }
}

/** How many nodes there are, where, and whether one takes over for another. */
function topology(target: Target, specification: RedisStore) {
  const { shards, copies } = cacheTopology(target, specification);
  const several = copies > 1;
  return target.aws.redisClusterMode
    ? {
        clusterMode: "enabled",
        numNodeGroups: shards,
        replicasPerNodeGroup: copies - 1,
        automaticFailoverEnabled: true,
        multiAzEnabled: several,
      }
    : { clusterMode: "disabled", numCacheClusters: copies, automaticFailoverEnabled: several, multiAzEnabled: several };
}

/** The settings of a server in ElastiCache. */
export function cacheParameters({ aws }: Pick<Target, "aws">, { eviction }: RedisStore) {
  return [
    ...(aws.redisClusterMode ? [{ name: "cluster-enabled", value: "yes" }] : []),
    { name: "maxmemory-policy", value: eviction },
  ];
}

/**
 * The addresses of the nodes, "host:port" with commas between them (WS-CFG-08).
 *
 * @param host the group's address: ElastiCache puts "master" or "clustercfg" before the name that the nodes share
 */
export function nodeAddresses(host: string, nodeIds: readonly string[], port: number): string {
  return nodeIds.map((id) => `${host.replace(/^(master|clustercfg)\./, `${id}.`)}:${port}`).join(",");
}
