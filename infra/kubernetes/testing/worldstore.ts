import { worldstore } from "../../../stacks/worldstore.ts";
import { awsSettings } from "../../aws/testing/shop.ts";
import { profiles } from "../../profile.ts";
import { omittableFeatures } from "../../settings.ts";
import { shopSettings } from "../../testing/shop.ts";
import type { Target } from "../target.ts";

const imagesOf = (registry: string, ...names: string[]) =>
  Object.fromEntries(names.map((name) => [name, `${registry}/${name}:1.0`]));

/** worldstore in a local cluster, without what that has no place for. */
export function worldstoreDev(): Target {
  return {
    system: worldstore({
      agentMode: "single",
      walletMode: "self-managed",
      logLevel: "debug",
      xmtpEnvironment: "dev",
    }),
    settings: {
      ...shopSettings(),
      environment: "dev",
      profile: profiles.dev,
      namespace: "worldstore",
      images: imagesOf("images.local", "agent", "payment-server", "postgres", "redis", "prometheus", "alertmanager"),
      omissions: omittableFeatures.map((feature) => ({ feature, reason: "a test", expires: "2030-01-01" })),
    },
  };
}

/** worldstore whole: stores on AWS, a public endpoint, both colours of the payment server. */
export function worldstoreProduction(): Target {
  const images = ["agent", "payment-server", "redis", "prometheus", "alertmanager", "operations"];
  return {
    system: worldstore({
      agentMode: "single",
      walletMode: "self-managed",
      logLevel: "info",
      xmtpEnvironment: "production",
    }),
    settings: {
      ...shopSettings("production"),
      environment: "prod",
      namespace: "worldstore",
      images: imagesOf("registry.example", ...images),
      candidateImages: { "payment-server": "registry.example/payment-server:1.1" },
      externalSecrets: {
        ANTHROPIC_API_KEY: "sk-ant-0123456789abcdef",
        WALLET_KEY_0: `0x${"ab".repeat(32)}`,
        CROSSMINT_API_KEY: "crossmint-0123456789",
        SERPAPI_API_KEY: "serpapi-0123456789abc",
      },
      datastoreMode: "managed",
      hosts: { payment: "pay.worldstore.example" },
      ingress: { className: "traefik", namespace: "traefik", certificateIssuer: "letsencrypt" },
      aws: { ...awsSettings, clusterSecurityGroupIds: ["sg-0123456789abcdef0"] },
    },
  };
}
