import type { RequirementId } from "./system.ts";
import type { Duration, Size } from "./units.ts";

interface StoreBase {
  requirement: RequirementId;
  /** What is kept there, in one sentence. */
  use: string;
}

/** A relational database. Every service that has a flow to it gets a user of its own. */
export interface PostgresStore extends StoreBase {
  engine: "postgres";
  /** Major version. */
  version: string;
  database: string;
  storage: Size;
  /** @default none */
  extensions?: readonly string[];
  /** Server settings by their PostgreSQL names. @default the engine's own */
  parameters?: Record<string, string>;
  /** Read replicas. @default 0 */
  replicas?: number;
  /** Managed instance class on AWS, such as "db.m7g.large". */
  nodeType: string;
  maxConnections: number;
  port: number;
}

/** An in-memory store: TLS only, one ACL user per service that has a flow to it. */
export interface RedisStore extends StoreBase {
  engine: "redis";
  version: string;
  port: number;
  memory: Size;
  /** "none": everything may vanish; "snapshot": points in time; "append-only": every write. */
  persistence: "none" | "snapshot" | "append-only";
  /** What is forgotten when memory is full. */
  eviction: "noeviction" | "allkeys-lru" | "volatile-lru" | "volatile-ttl";
  /** Members of the replication group in a highly available profile. */
  nodes: number;
  /** Managed node type on AWS, such as "cache.r6g.large". */
  nodeType: string;
}

/** A document database, a replica set. */
export interface MongoStore extends StoreBase {
  engine: "mongodb";
  version: string;
  database: string;
  members: number;
  storage: Size;
  port: number;
}

/** A message queue with a dead-letter queue: SQS on AWS, Redis Streams on an instance of its own on Kubernetes. */
export interface QueueStore extends StoreBase {
  engine: "queue";
  /** Deliveries before a message goes to the dead-letter queue. */
  maxDeliveries: number;
  retention: Duration;
  deadLetterRetention: Duration;
  /** Memory of the instance on Kubernetes. */
  memory: Size;
  port: number;
}

/** An object store, such as an S3 bucket. */
export interface ObjectStore extends StoreBase {
  engine: "objects";
  /** How long objects are kept. */
  retention: Duration;
  /** Objects cannot be changed or deleted before their retention ends. @default false */
  locked?: boolean;
}

export type Store = PostgresStore | RedisStore | MongoStore | QueueStore | ObjectStore;
