import { readFileSync } from "node:fs";
import { join } from "node:path";

import { profiles, type ProfileName } from "../profile.ts";
import type { Settings } from "../settings.ts";
import type { Service } from "../spec/service.ts";
import type { System } from "../spec/system.ts";
import type { Target } from "../kubernetes/target.ts";

/** A certificate like the sealed-secrets controller's; nobody has its private key. */
export const sealingCertificate = readFileSync(join(import.meta.dirname, "../kubernetes/testdata/sealing.crt"), "utf8");

const resources: Service["resources"] = {
  requests: { cpu: "0.1 vCPU", memory: "64 MiB" },
  limits: { cpu: "0.2 vCPU", memory: "128 MiB" },
};
const probes: Service["probes"] = {
  startup: { path: "/live" },
  readiness: { path: "/ready" },
  liveness: { path: "/live" },
};

/** A small system with one of everything that this target can do. */
export function shop(): System {
  return {
    name: "shop",
    title: "A shop",
    services: {
      api: {
        role: "Answers.",
        requirement: "T-1",
        image: "api",
        component: "api",
        ports: { http: { port: 8080 } },
        variables: {
          MODE: "fast",
          CACHE_URL: { store: "cache", value: "url" },
          DATABASE_URL: { store: "db", value: "url" },
          DATABASE_HOST: { store: "db", value: "host" },
          TOKEN: { secret: "TOKEN" },
        },
        resources,
        probes,
        scaling: { replicas: 2 },
        release: { strategy: "rolling", maxSurge: 1, maxUnavailable: 0 },
        metrics: { path: "/metrics", port: "http", interval: "5 s" },
      },
      writer: {
        role: "Writes.",
        requirement: "T-2",
        image: "writer",
        command: ["writer", "--once"],
        component: "writer",
        ports: { http: { port: 8080 } },
        variables: {
          WALLET: { secret: "WALLET" },
          KEY: { secret: "KEY" },
          QUEUE_URL: { store: "orders", value: "url" },
          CA: { file: "certificate-authority" },
          API_URL: { service: "api", port: "http" },
        },
        resources,
        probes,
        scaling: { replicas: 1 },
        release: { strategy: "stop-then-start" },
        singleWriter: { instances: 1, ownSecrets: ["WALLET"] },
        volumes: { data: { mountPath: "/data", size: "5 GiB", requirement: "T-3" } },
        metrics: { path: "/metrics", port: "http", interval: "15 s" },
      },
    },
    stores: {
      db: {
        engine: "postgres",
        requirement: "T-4",
        use: "Rows.",
        version: "17",
        database: "shop",
        storage: "10 GiB",
        parameters: { shared_buffers: "256MB" },
        nodeType: "db.t4g.small",
        maxConnections: 50,
        port: 5432,
      },
      cache: {
        engine: "redis",
        requirement: "T-5",
        use: "What may vanish.",
        version: "7",
        port: 6380,
        memory: "64 MiB",
        persistence: "none",
        eviction: "allkeys-lru",
        nodes: 1,
        nodeType: "cache.t4g.micro",
      },
      orders: {
        engine: "queue",
        requirement: "T-6",
        use: "Orders.",
        maxDeliveries: 5,
        retention: "4 d",
        deadLetterRetention: "14 d",
        memory: "64 MiB",
        port: 6380,
      },
    },
    secrets: {
      TOKEN: {
        origin: "external",
        requirement: "T-7",
        format: { prefix: "tok-", bytes: 16, encoding: "base64url" },
        rotation: "90 d",
      },
      WALLET: { origin: "external", requirement: "T-8", format: { prefix: "0x", bytes: 32, encoding: "hex" } },
      KEY: { origin: "generated", requirement: "T-9", format: { bytes: 32, encoding: "hex" } },
    },
    outside: { bank: { hosts: ["api.bank.example", "login.bank.example"], requirement: "T-10" } },
    flows: [
      { requirement: "T-11", from: { service: "writer" }, to: { service: "api", port: "http" } },
      { requirement: "T-12", from: { service: "writer" }, to: { store: "orders" } },
      { requirement: "T-13", from: { service: "writer" }, to: { outside: "bank" } },
      { requirement: "T-14", from: { service: "api" }, to: { store: "db", privileges: "owner" } },
      { requirement: "T-15", from: { service: "api" }, to: { store: "cache" } },
      { requirement: "T-16", from: { monitoring: true }, to: { service: "api", port: "http" } },
      { requirement: "T-16", from: { monitoring: true }, to: { service: "writer", port: "http" } },
    ],
    publicEndpoints: {},
    alerts: [
      {
        requirement: "T-17",
        name: "Down",
        severity: "critical",
        condition: { kind: "down", services: ["writer", "api"] },
        for: "1 min",
        summary: "A service does not answer.",
      },
    ],
    jobs: {},
    logRetention: { error: "30 d", warn: "14 d", info: "7 d", debug: "1 d" },
  };
}

/** Settings of a stack that runs the shop in a cluster. */
export function shopSettings(profileName: ProfileName = "dev"): Settings {
  const images = ["api", "writer", "postgres", "redis", "prometheus", "alertmanager"];
  return {
    environment: "test",
    profileName,
    profile: profiles[profileName],
    namespace: "shop",
    images: Object.fromEntries(images.map((name) => [name, `images.example/${name}:1.0`])),
    externalSecrets: {},
    sealingCertificate,
    datastoreMode: "incluster",
    omissions: [],
    hosts: {},
    liveColour: "blue",
    candidateImages: {},
    unprotected: [],
    owner: "platform",
  };
}

/** The shop in a stack of the dev profile. */
export function shopTarget(): Target {
  return { system: shop(), settings: shopSettings() };
}
