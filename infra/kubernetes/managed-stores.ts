import * as pulumi from "@pulumi/pulumi";

import { BackupRole, Backups } from "../aws/backup.ts";
import { EventRules } from "../aws/event-rules.ts";
import { FunctionRoles } from "../aws/function-roles.ts";
import { keyPurposes } from "../aws/key-policies.ts";
import { Keys } from "../aws/keys.ts";
import { LogGroups } from "../aws/logs.ts";
import { Monitoring } from "../aws/monitoring.ts";
import { NetworkFlowLogs } from "../aws/network-flow-logs.ts";
import { Network } from "../aws/network.ts";
import { Topics } from "../aws/notifications.ts";
import { AccessLogBucket } from "../aws/objects-access-logs.ts";
import { ObjectBucket } from "../aws/objects.ts";
import { alertTopics, backupBucket, networkIds } from "../aws/outputs.ts";
import { Postgres } from "../aws/postgres.ts";
import { cacheNodeIds } from "../aws/redis-nodes.ts";
import { nodeAddresses, Redis } from "../aws/redis.ts";
import { Registry } from "../aws/registry.ts";
import { SecurityGroups } from "../aws/security-groups.ts";
import type { StoreUserAccess } from "../aws/store-user-secret.ts";
import type { Target as AwsTarget } from "../aws/target.ts";
import type { Store } from "../spec/store.ts";
import { managedPart } from "./managed.ts";
import type { StoreValues } from "./store-access.ts";
import type { Target } from "./target.ts";

/**
 * The stores of a system that are on AWS, beside the cluster, with what they need there: keys, network, backups, alarms.
 *
 * Users of databases are made by a function in the stores' network. Their passwords stay the same, since nothing would
 * bring new ones into the cluster.
 */
export class ManagedStores extends pulumi.ComponentResource {
  /** What services and jobs are told, by store. */
  readonly access: Record<string, StoreValues> = {};
  /** host:port by store. */
  readonly endpoints: Record<string, pulumi.Output<string>> = {};
  /** Customer keys by purpose. */
  readonly keyArns: Record<string, pulumi.Output<string>>;
  /** VPC and subnets. */
  readonly networkIds: Record<string, pulumi.Output<string>>;
  /** Name of the bucket of backups; empty without one. */
  readonly backupBucket: string;
  /** Topics of alerts about the stores. */
  readonly alertTopics: string;

  constructor(name: string, args: { target: Target }, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:kubernetes:ManagedStores", name, {}, opts);
    const target = managedPart(args.target);
    const here = { parent: this };

    const roles = [
      new FunctionRoles(`${name}-function-roles`, { target }, here),
      new BackupRole(`${name}-backup-role`, { target }, here),
    ];
    const keys = new Keys(`${name}-keys`, { target, roles: [] }, { ...here, dependsOn: roles });
    const logs = new LogGroups(`${name}-logs`, { target, keys, scope: "stores" }, here);
    const topics = new Topics(`${name}-topics`, { target, keys }, here);
    const registry = new Registry(`${name}-registry`, { target, keys }, here);
    const network = new Network(`${name}-network`, { target }, here);
    const groups = new SecurityGroups(`${name}-security-groups`, { target, network }, here);
    new NetworkFlowLogs(`${name}-flow-logs`, { target, network }, { ...here, dependsOn: [logs] });
    const accessLogs = lazily(() => new AccessLogBucket(`${name}-access-logs`, { target }, here));
    const ready = { ...here, dependsOn: [logs, topics, registry, groups] };

    for (const [store, specification] of Object.entries(target.system.stores)) {
      const child = `${name}-${store}`;
      if (specification.engine === "objects") {
        const logged = accessLogs();
        const bucket = { target, store, specification, keys, accessLogs: logged };
        new ObjectBucket(child, bucket, { ...here, dependsOn: [logged] });
        continue;
      }
      const made = createStore(child, { target, store, network, groups, keys }, specification, ready);
      this.endpoints[store] = made.endpoint;
      this.access[store] = made;
    }
    new Backups(`${name}-backups`, { target, keys }, { ...here, dependsOn: [topics] });
    new Monitoring(`${name}-monitoring`, { target, topics, scope: "stores" }, here);
    new EventRules(`${name}-events`, { target, topics, scope: "stores" }, here);

    this.keyArns = Object.fromEntries(keyPurposes.map((purpose) => [purpose, keys.arn(purpose)]));
    this.networkIds = networkIds(network);
    this.backupBucket = backupBucket(target);
    this.alertTopics = alertTopics(target);
    this.registerOutputs({});
  }
}

interface CreateArgs {
  target: AwsTarget;
  store: string;
  network: Network;
  groups: SecurityGroups;
  keys: Keys;
}

/** What services and jobs are told about a store, and where it is. */
interface ManagedStore extends StoreValues {
  /** host:port */
  endpoint: pulumi.Output<string>;
}

function createStore(
  name: string,
  args: CreateArgs,
  specification: Store,
  opts: pulumi.ComponentResourceOptions,
): ManagedStore {
  switch (specification.engine) {
    case "postgres": {
      const { endpoint, users } = new Postgres(name, { ...args, specification }, opts);
      return valuesOf(args.store, users, endpoint, (host) => `${host}:${specification.port}`);
    }
    case "redis": {
      const { endpoint, users } = new Redis(name, { ...args, specification }, opts);
      const ids = cacheNodeIds(args.target, args.store);
      return valuesOf(args.store, users, endpoint, (host) => nodeAddresses(host, ids, specification.port));
    }
    case "mongodb":
    case "objects":
    case "queue":
      throw new Error(`a ${specification.engine} store has no users on AWS`);
  }
}

function valuesOf(
  store: string,
  users: readonly StoreUserAccess[],
  endpoint: pulumi.Output<string>,
  nodesAt: (host: string) => string,
): ManagedStore {
  const user = (workload: string) => {
    const found = users.find((user) => user.workload === workload);
    if (!found) throw new Error(`"${workload}" has no flow to the store "${store}"`);
    return found;
  };
  const host = endpoint.apply((address) => address.replace(/:\d+$/, ""));
  return {
    endpoint,
    url: (workload) => user(workload).url,
    password: (workload) => user(workload).password,
    host: () => host,
    nodes: () => host.apply(nodesAt),
  };
}

/** Something that is made when it is first asked for. */
function lazily<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => (made ??= make());
}
