import type { ProfileName } from "../../profile.ts";
import type { AwsSettings } from "../../settings.ts";
import type { System } from "../../spec/system.ts";
import { shop as commonShop, shopSettings } from "../../testing/shop.ts";
import type { Target } from "../target.ts";

/** The account of AWS's own examples. */
export const account = "111122223333";

export const awsSettings: AwsSettings = {
  region: "eu-central-1",
  accountId: account,
  zones: ["eu-central-1a", "eu-central-1b"],
  network: { cidr: "10.20.0.0/16" },
  hostedZoneId: "Z0123456789ABCDEFGHIJ",
  alertRecipients: { critical: ["pager@shop.example"], warning: ["team@shop.example"] },
  ownsAccount: true,
  redisClusterMode: false,
  clusterSecurityGroupIds: [],
};

/** The shop with what only this target does beside: a public endpoint, blue-green, autoscaling, buckets, jobs, Spot. */
export function shop(): System {
  const system = commonShop();
  const { api } = system.services;
  if (!api) throw new Error("the shop has no api");
  return {
    ...system,
    services: {
      ...system.services,
      api: {
        ...api,
        health: { path: "/health" },
        scaling: { minimum: 2, maximum: 6, cpuPercent: 70 },
        release: { strategy: "blue-green" },
        cluster: "WebCluster",
      },
      worker: {
        ...api,
        role: "Works.",
        requirement: "T-18",
        component: "worker",
        command: ["worker"],
        variables: { QUEUE_URL: { store: "orders", value: "url" } },
        scaling: { replicas: 1 },
        interruptible: true,
      },
    },
    stores: {
      ...system.stores,
      audit: { engine: "objects", requirement: "T-19", use: "What was paid.", retention: "2555 d", locked: true },
      files: { engine: "objects", requirement: "T-20", use: "Copies.", retention: "30 d" },
    },
    flows: [
      ...system.flows,
      { requirement: "T-21", from: { edge: true }, to: { service: "api", port: "http" } },
      { requirement: "T-22", from: { service: "worker" }, to: { store: "orders" } },
      { requirement: "T-23", from: { job: "migrate" }, to: { store: "db", privileges: "owner" } },
      { requirement: "T-24", from: { job: "report" }, to: { store: "files" } },
      { requirement: "T-25", from: { monitoring: true }, to: { service: "worker", port: "http" } },
    ],
    publicEndpoints: {
      web: { service: "api", port: "http", paths: ["/v1", "/health"], healthPath: "/health", requirement: "T-26" },
    },
    jobs: {
      migrate: {
        role: "Changes tables.",
        requirement: "T-27",
        image: "api",
        command: ["migrate"],
        variables: { DATABASE_URL: { store: "db", value: "url" } },
        resources: api.resources,
        when: "before-release",
        timeout: "10 min",
      },
      report: {
        role: "Writes a report.",
        requirement: "T-28",
        image: "api",
        command: ["report"],
        variables: { BUCKET: { store: "files", value: "name" } },
        resources: api.resources,
        when: { schedule: "0 2 * * *" },
        timeout: "30 min",
      },
    },
  };
}

/** The shop on AWS. */
export function shopTarget(profileName: ProfileName = "production"): Target {
  const settings = shopSettings(profileName);
  const images = Object.fromEntries(
    ["api", "writer", "operations", "log-router", "collector"].map((name) => [name, `shop/${name}:1.0`]),
  );
  const externalSecrets = {
    TOKEN: "tok-0123456789abcdefghijklmnop",
    WALLET: `0x${"ab".repeat(32)}`,
    WALLET_0: `0x${"ab".repeat(32)}`,
  };
  return {
    system: shop(),
    settings: {
      ...settings,
      images,
      externalSecrets,
      datastoreMode: "managed",
      hosts: { web: "www.shop.example" },
      aws: awsSettings,
    },
    aws: awsSettings,
  };
}
