import type { Service, Variable } from "../infra/spec/service.ts";
import type { QueueStore } from "../infra/spec/store.ts";
import type { System } from "../infra/spec/system.ts";
import { toSeconds } from "../infra/spec/units.ts";
import { alerts } from "./worldstore-alerts.ts";

/** Choices that the requirements leave to the stack. */
export interface WorldstoreOptions {
  /** One XMTP client, or three with a wallet and a volume each. */
  agentMode: "single" | "sharded";
  /** Who holds the wallet keys: with "crossmint" the program asks for no WALLET_KEY (WS-SEC-07). */
  walletMode: "self-managed" | "crossmint";
  /** LOG_LEVEL of every service (WS-CFG-12). */
  logLevel: string;
  /** XMTP_ENV of the agent; "production" in production stacks (WS-CFG-06). */
  xmtpEnvironment: "production" | "dev";
}

const healthProbes: Service["probes"] = {
  startup: { path: "/live" },
  readiness: { path: "/ready" },
  liveness: { path: "/live" },
};

const orders: QueueStore = {
  engine: "queue",
  requirement: "WS-DS-04",
  use: "Orders on their way from the agent to the worker.",
  maxDeliveries: 5,
  retention: "4 d",
  deadLetterRetention: "14 d",
  memory: "128 MiB",
  port: 6380,
};

/** The crypto-commerce system: an agent on XMTP, its payment server and the worker of the order queue. */
export function worldstore(options: WorldstoreOptions): System {
  const common: Record<string, Variable> = {
    NODE_ENV: "production",
    LOG_LEVEL: options.logLevel,
    NODE_EXTRA_CA_CERTS: { file: "certificate-authority" },
    DATABASE_URL: { store: "postgres", value: "url" },
    REDIS_URL: { store: "redis", value: "url" },
    REDIS_CLUSTER_NODES: { store: "redis", value: "nodes" },
    REDIS_POOL_MIN: "2",
    REDIS_POOL_MAX: "10",
    REDIS_POOL_ACQUIRE_TIMEOUT_MS: "30000",
  };
  const queue: Record<string, Variable> = {
    QUEUE_URL: { store: "orders", value: "url" },
    QUEUE_NAME: { store: "orders", value: "name" },
  };
  const selfManaged = options.walletMode === "self-managed";
  const ownSecrets = selfManaged ? ["WALLET_KEY"] : [];

  return {
    name: "worldstore",
    title: "Crypto-commerce agent with its payment server",
    services: {
      "worldstore-agent": {
        role: "Holds the XMTP client, talks to users, calls Anthropic, SerpAPI and Crossmint, and drives orders.",
        requirement: "WS-SVC-01",
        image: "agent",
        component: "agent",
        cluster: "XMTPAgentCluster",
        ports: { http: { port: 3000 } },
        variables: {
          ...common,
          ...queue,
          ANTHROPIC_API_KEY: { secret: "ANTHROPIC_API_KEY" },
          ...(selfManaged ? { WALLET_KEY: { secret: "WALLET_KEY" } } : {}),
          ENCRYPTION_KEY: { secret: "ENCRYPTION_KEY" },
          CROSSMINT_API_KEY: { secret: "CROSSMINT_API_KEY" },
          SERPAPI_API_KEY: { secret: "SERPAPI_API_KEY" },
          RAILWAY_VOLUME_MOUNT_PATH: "/app/data",
          XMTP_ENV: options.xmtpEnvironment,
          WALLET_MODE: options.walletMode,
          PAYMENT_SERVER_URL: { service: "worldstore-server", port: "http" },
          BATCH_SIZE: "10",
          CONCURRENT_USERS: "50",
          CACHE_EXPIRY_MS: "1800000",
          RATE_LIMIT_BUFFER: "0.9",
          RATE_LIMIT_ANTHROPIC_PER_HOUR: "100",
          RATE_LIMIT_SERPAPI_PER_HOUR: "50",
          RATE_LIMIT_CROSSMINT_PER_DAY: "200",
        },
        resources: {
          requests: { cpu: "0.25 vCPU", memory: "256 MiB" },
          limits: { cpu: "0.5 vCPU", memory: "512 MiB" },
        },
        probes: healthProbes,
        health: { path: "/health" },
        scaling: { replicas: 1 },
        release: { strategy: "stop-then-start" },
        singleWriter: { instances: options.agentMode === "sharded" ? 3 : 1, ownSecrets },
        volumes: { data: { mountPath: "/app/data", size: "2 GiB", requirement: "WS-SEC-19" } },
        metrics: { path: "/metrics", port: "http", interval: "15 s" },
      },
      "worldstore-server": {
        role: "Stateless payment API for orders.",
        requirement: "WS-SVC-02",
        image: "payment-server",
        component: "payment-server",
        cluster: "PaymentServerCluster",
        ports: { http: { port: 3000 } },
        variables: {
          ...common,
          CROSSMINT_API_KEY: { secret: "CROSSMINT_API_KEY" },
          FIELD_ENCRYPTION_KEY: { secret: "FIELD_ENCRYPTION_KEY" },
          ORDER_STATUS_CACHE_MAX: "1000",
          ORDER_STATUS_CACHE_TTL_MS: "60000",
          RATE_LIMIT_CROSSMINT_PER_DAY: "200",
          HIGH_VALUE_ORDER_USDC: "10000",
          RAPID_ORDERS_COUNT: "10",
          RAPID_ORDERS_WINDOW_S: "3600",
          MAX_SHIPPING_ADDRESSES: "5",
          KYC_ORDER_USD: "1000",
        },
        resources: {
          requests: { cpu: "0.15 vCPU", memory: "128 MiB" },
          limits: { cpu: "0.3 vCPU", memory: "256 MiB" },
        },
        probes: healthProbes,
        health: { path: "/health" },
        scaling: { minimum: 2, maximum: 6, cpuPercent: 70 },
        release: { strategy: "blue-green" },
        metrics: { path: "/metrics", port: "http", interval: "15 s" },
      },
      "order-queue-worker": {
        role: "Consumes the order queue that the agent writes to.",
        requirement: "WS-SVC-03",
        image: "payment-server",
        command: ["node", "/app/server.js", "worker"],
        component: "queue-worker",
        cluster: "PaymentServerCluster",
        ports: { http: { port: 3000 } },
        variables: {
          ...common,
          ...queue,
          QUEUE_MAX_DELIVERIES: String(orders.maxDeliveries),
          QUEUE_DEAD_LETTER_DAYS: String(toSeconds(orders.deadLetterRetention) / 86_400),
          CROSSMINT_API_KEY: { secret: "CROSSMINT_API_KEY" },
          FIELD_ENCRYPTION_KEY: { secret: "FIELD_ENCRYPTION_KEY" },
        },
        resources: {
          requests: { cpu: "0.15 vCPU", memory: "128 MiB" },
          limits: { cpu: "0.3 vCPU", memory: "256 MiB" },
        },
        probes: healthProbes,
        health: { path: "/health" },
        scaling: { replicas: 1 },
        release: { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 },
        metrics: { path: "/metrics", port: "http", interval: "15 s" },
        interruptible: true,
      },
    },
    stores: {
      postgres: {
        engine: "postgres",
        requirement: "WS-DS-02",
        use: "User profiles, order history and payment records.",
        version: "17",
        database: "worldstore",
        storage: "20 GiB",
        nodeType: "db.m7g.large",
        maxConnections: 100,
        port: 5432,
      },
      redis: {
        engine: "redis",
        requirement: "WS-DS-01",
        use: "What may vanish: conversation state, session data and rate-limit counters.",
        version: "7",
        port: 6380,
        memory: "256 MiB",
        persistence: "snapshot",
        eviction: "volatile-lru",
        nodes: 3,
        nodeType: "cache.r6g.large",
      },
      orders,
      audit: {
        engine: "objects",
        requirement: "WS-DS-05",
        use: "Append-only trail of every financial transaction.",
        retention: "2555 d",
        locked: true,
      },
      backups: {
        engine: "objects",
        requirement: "WS-OPS-01",
        use: "Copies of the agent's database and of PostgreSQL.",
        retention: "30 d",
      },
    },
    secrets: {
      ANTHROPIC_API_KEY: {
        origin: "external",
        requirement: "WS-CFG-01",
        format: { prefix: "sk-ant-", bytes: 16, encoding: "base64url" },
        rotation: "90 d",
      },
      ...(selfManaged
        ? {
            WALLET_KEY: {
              origin: "external",
              requirement: "WS-CFG-02",
              format: { prefix: "0x", bytes: 32, encoding: "hex" },
            } as const,
          }
        : {}),
      ENCRYPTION_KEY: { origin: "generated", requirement: "WS-CFG-03", format: { bytes: 32, encoding: "hex" } },
      CROSSMINT_API_KEY: {
        origin: "external",
        requirement: "WS-CFG-04",
        format: { bytes: 16, encoding: "base64url" },
        rotation: "90 d",
      },
      SERPAPI_API_KEY: {
        origin: "external",
        requirement: "WS-CFG-09",
        format: { bytes: 16, encoding: "base64url" },
        rotation: "90 d",
      },
      FIELD_ENCRYPTION_KEY: { origin: "generated", requirement: "WS-CFG-20", format: { bytes: 32, encoding: "hex" } },
    },
    outside: {
      xmtp: { hosts: ["grpc.production.xmtp.network"], requirement: "WS-NET-06" },
      anthropic: { hosts: ["api.anthropic.com"], requirement: "WS-NET-06" },
      serpapi: { hosts: ["serpapi.com"], requirement: "WS-NET-06" },
      crossmint: { hosts: ["www.crossmint.com"], requirement: "WS-NET-06" },
      "chain-rpc": { hosts: ["mainnet.base.org"], requirement: "WS-NET-06" },
    },
    flows: [
      { requirement: "WS-FLW-01", from: { edge: true }, to: { service: "worldstore-server", port: "http" } },
      {
        requirement: "WS-FLW-02",
        from: { service: "worldstore-agent" },
        to: { service: "worldstore-server", port: "http" },
      },
      { requirement: "WS-FLW-03", from: { service: "worldstore-agent" }, to: { store: "redis" } },
      { requirement: "WS-FLW-04", from: { service: "worldstore-server" }, to: { store: "redis" } },
      { requirement: "WS-FLW-05", from: { service: "worldstore-agent" }, to: { store: "postgres" } },
      {
        requirement: "WS-FLW-06",
        from: { service: "worldstore-server" },
        to: { store: "postgres", privileges: "owner" },
      },
      { requirement: "WS-FLW-07", from: { service: "worldstore-agent" }, to: { store: "orders" } },
      { requirement: "WS-FLW-08", from: { service: "order-queue-worker" }, to: { store: "orders" } },
      { requirement: "WS-FLW-08", from: { service: "order-queue-worker" }, to: { store: "redis" } },
      { requirement: "WS-FLW-08", from: { service: "order-queue-worker" }, to: { store: "postgres" } },
      ...["xmtp", "anthropic", "serpapi", "crossmint", "chain-rpc"].map((outside) => ({
        requirement: "WS-FLW-09",
        from: { service: "worldstore-agent" },
        to: { outside },
      })),
      ...["crossmint", "anthropic", "chain-rpc"].map((outside) => ({
        requirement: "WS-FLW-10",
        from: { service: "worldstore-server" },
        to: { outside },
      })),
      ...["worldstore-agent", "worldstore-server", "order-queue-worker"].map((service) => ({
        requirement: "WS-FLW-12",
        from: { monitoring: true } as const,
        to: { service, port: "http" },
      })),
    ],
    publicEndpoints: {
      payment: {
        service: "worldstore-server",
        port: "http",
        paths: ["/v1", "/health"],
        healthPath: "/health",
        requirement: "WS-NET-07",
      },
    },
    alerts,
    jobs: {},
    logRetention: { error: "30 d", warn: "14 d", info: "7 d", debug: "1 d" },
  };
}
