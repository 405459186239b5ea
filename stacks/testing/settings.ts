import assert from "node:assert/strict";

import { UserError } from "../../infra/errors.ts";
import { profiles } from "../../infra/profile.ts";
import { parseConfig } from "../config.ts";
import { settingsFor } from "../settings.ts";
import { systemFor } from "../systems.ts";

const certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
/** An image for everything in a cluster. */
export const images = Object.fromEntries(
  ["agent", "payment-server", "postgres", "redis", "prometheus", "alertmanager"].map((name) => [
    name,
    `images.local/${name}:1`,
  ]),
);
/** Values of the right form. */
export const secrets = {
  ANTHROPIC_API_KEY: "sk-ant-0123456789abcdef",
  WALLET_KEY_0: `0x${"ab".repeat(32)}`,
  CROSSMINT_API_KEY: "crossmint-0123456789",
  SERPAPI_API_KEY: "serpapi-0123456789abc",
};

/** What a cluster with public endpoints needs. */
export const ingress = { ingressClass: "traefik", ingressNamespace: "traefik", certificateIssuer: "letsencrypt" };

/** The settings of a staging stack with some changed; undefined leaves one out. */
export function settings(changes: Record<string, unknown>, today = "2026-11-21") {
  const values: Record<string, unknown> = {
    system: "worldstore",
    target: "kubernetes",
    profile: "staging",
    datastoreMode: "incluster",
    sealingCertificate: certificate,
    images,
    externalSecrets: secrets,
    hosts: { payment: "pay.shop.example" },
    ...(changes["target"] === "ecs" ? {} : ingress),
    ...changes,
  };
  const texts = Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]) => [`agent-commerce:${key}`, typeof value === "string" ? value : JSON.stringify(value)]),
  );
  const config = parseConfig(texts);
  return settingsFor("test", systemFor(config.system, config, profiles[config.profile]), config, today);
}

/** What is wrong with them, by key. */
export function problemsOf(changes: Record<string, unknown>, today?: string): Map<string, string> {
  try {
    settings(changes, today);
  } catch (error) {
    assert(error instanceof UserError, String(error));
    return new Map(error.problems.map(({ where, message }) => [where, message]));
  }
  return new Map();
}
