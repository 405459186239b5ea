import * as pulumi from "@pulumi/pulumi";

import type { Keys } from "./keys.ts";
import type { Network } from "./network.ts";
import { AccessLogBucket } from "./objects-access-logs.ts";
import { ObjectBucket } from "./objects.ts";
import { Postgres } from "./postgres.ts";
import { Queue } from "./queue.ts";
import { Redis } from "./redis.ts";
import type { SecurityGroups } from "./security-groups.ts";
import type { Target } from "./target.ts";

/** What stores need. */
export interface StoresArgs {
  target: Target;
  network: Network;
  groups: SecurityGroups;
  keys: Keys;
}

/** The stores of a system as services of AWS, and the bucket that takes the access logs of the others. */
export class Stores extends pulumi.ComponentResource {
  readonly accessLogs: AccessLogBucket;
  /** Addresses of stores that have one, host:port by name. */
  readonly endpoints: Record<string, pulumi.Output<string>> = {};

  constructor(name: string, args: StoresArgs, opts: pulumi.ComponentResourceOptions) {
    super("agent-commerce:aws:Stores", name, {}, opts);
    const { target, keys } = args;
    const child = { parent: this };

    this.accessLogs = new AccessLogBucket(`${name}-access-logs`, { target }, child);
    for (const [store, specification] of Object.entries(target.system.stores)) {
      const storeName = `${name}-${store}`;
      switch (specification.engine) {
        case "postgres": {
          const postgres = new Postgres(storeName, { ...args, store, specification }, child);
          this.endpoints[store] = postgres.endpoint;
          break;
        }
        case "redis": {
          const redis = new Redis(storeName, { ...args, store, specification }, child);
          this.endpoints[store] = redis.endpoint;
          break;
        }
        case "queue":
          new Queue(storeName, { target, store, specification, keys }, child);
          break;
        case "objects":
          new ObjectBucket(storeName, { target, store, specification, keys, accessLogs: this.accessLogs }, child);
          break;
        case "mongodb":
          throw new Error(`the MongoDB store "${store}" is not supported on ecs`);
      }
    }

    this.registerOutputs({});
  }
}
