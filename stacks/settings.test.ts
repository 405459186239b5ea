import assert from "node:assert/strict";

import { profiles } from "../infra/profile.ts";
import { parseConfig } from "./config.ts";
import { externalSecretKeys, requiredImages } from "./settings.ts";
import { systemFor } from "./systems.ts";
import { images, ingress, problemsOf, secrets, settings } from "./testing/settings.ts";

describe("the settings of a stack", () => {
  it("take the namespace from the specification unless the stack names one", () => {
    assert.equal(settings({}).namespace, "worldstore");
    assert.equal(settings({ namespace: "shop" }).namespace, "shop");
  });

  it("need an image for every service, store and monitor that runs in the cluster", () => {
    const config = parseConfig({
      "agent-commerce:system": "worldstore",
      "agent-commerce:target": "kubernetes",
      "agent-commerce:profile": "dev",
      "agent-commerce:images": "{}",
    });
    const system = systemFor("worldstore", config, profiles.dev);
    assert.deepEqual(
      requiredImages(system, { target: "kubernetes", datastoreMode: "incluster" }),
      Object.keys(images).sort(),
    );
    const besideCluster = ["agent", "alertmanager", "operations", "payment-server", "prometheus", "redis"];
    assert.deepEqual(requiredImages(system, { target: "kubernetes", datastoreMode: "managed" }), besideCluster);
    assert.deepEqual(requiredImages(system, { target: "ecs", datastoreMode: "managed" }), [
      "agent",
      "collector",
      "log-router",
      "operations",
      "payment-server",
    ]);
    assert.match(
      problemsOf({ images: {} }).get("agent-commerce:images.redis") ?? "",
      /required.*pulumi config set --path images.redis/,
    );
  });

  it("need one wallet for each instance of a sharded agent (X-01)", () => {
    const missing = problemsOf({ agentMode: "sharded" });
    assert.deepEqual(
      [...missing.keys()],
      ["agent-commerce:externalSecrets.WALLET_KEY_1", "agent-commerce:externalSecrets.WALLET_KEY_2"],
    );
  });

  it("ask for no wallet when Crossmint holds the keys (WS-SEC-07)", () => {
    const { WALLET_KEY_0, ...others } = secrets;
    assert.equal(problemsOf({ walletMode: "crossmint", externalSecrets: others }).size, 0);
    assert.match(
      problemsOf({ walletMode: "crossmint", externalSecrets: { ...others, WALLET_KEY_0 } }).get(
        "agent-commerce:externalSecrets.WALLET_KEY_0",
      ) ?? "",
      /no such secret/,
    );
  });

  it("do without external secrets in the dev profile only", () => {
    assert.equal(problemsOf({ profile: "dev", externalSecrets: {} }).size, 0);
    assert.equal(problemsOf({ profile: "staging", externalSecrets: {} }).size, 4);
    assert.equal(problemsOf({ profile: "production", externalSecrets: {} }).size, 4);
  });

  const wrongSecrets: [string, Record<string, string>, string, RegExp][] = [
    [
      "an Anthropic key with another start",
      { ANTHROPIC_API_KEY: "sk-0123456789abcdefghij" },
      "ANTHROPIC_API_KEY",
      /"sk-ant-" and at least 16/,
    ],
    ["a wallet key without 0x", { WALLET_KEY_0: "ab".repeat(32) }, "WALLET_KEY_0", /"0x" and 64 hexadecimal digits/],
    [
      "a wallet key that is too short",
      { WALLET_KEY_0: `0x${"ab".repeat(31)}` },
      "WALLET_KEY_0",
      /64 hexadecimal digits/,
    ],
    ["a key with spaces", { SERPAPI_API_KEY: "serp api 0123456789" }, "SERPAPI_API_KEY", /without spaces/],
    [
      "a secret that the system does not have",
      { STRIPE_KEY: "0123456789abcdef" },
      "STRIPE_KEY",
      /no such secret.*ANTHROPIC_API_KEY/,
    ],
    [
      "the same value twice",
      { SERPAPI_API_KEY: secrets.CROSSMINT_API_KEY },
      "SERPAPI_API_KEY",
      /value of another secret/,
    ],
  ];
  for (const [what, changes, key, message] of wrongSecrets) {
    it(`refuse ${what} without repeating the value`, () => {
      const problem =
        problemsOf({ externalSecrets: { ...secrets, ...changes } }).get(`agent-commerce:externalSecrets.${key}`) ?? "";
      assert.match(problem, message);
      for (const value of Object.values(changes)) assert(!problem.includes(value));
    });
  }

  it("refuse an omission from its last day on, and any in production", () => {
    const omissions = [{ feature: "jobs", reason: "there are none in this test", expires: "2027-01-01" }];
    assert.equal(problemsOf({ omissions }, "2026-12-31").size, 0);
    assert.match(
      problemsOf({ omissions }, "2027-01-01").get("agent-commerce:omissions[0]") ?? "",
      /allowed until 2027-01-01/,
    );
    assert.match(
      problemsOf({ omissions, profile: "production" }).get("agent-commerce:omissions[0]") ?? "",
      /production profile/,
    );
  });

  it("need a sealing certificate on kubernetes", () => {
    assert.match(
      problemsOf({ sealingCertificate: undefined }).get("agent-commerce:sealingCertificate") ?? "",
      /kubeseal --fetch-cert/,
    );
  });

  it("need to know the ingress controller of a cluster with public endpoints", () => {
    const none = Object.fromEntries(Object.keys(ingress).map((key) => [key, undefined]));
    const missing = problemsOf(none);
    assert.deepEqual(
      [...missing.keys()],
      ["ingressClass", "ingressNamespace", "certificateIssuer"].map((key) => `agent-commerce:${key}`),
    );
    assert.match(
      missing.get("agent-commerce:ingressClass") ?? "",
      /for the public endpoint payment.*`pulumi config set ingressClass NAME`/,
    );
    const omissions = [{ feature: "public-endpoints", reason: "there is no public address", expires: "2027-01-01" }];
    assert.equal(problemsOf({ ...none, omissions }).size, 0);
  });

  it("choose the live colour and the candidate of a blue-green release on kubernetes only (WS-OPS-07)", () => {
    assert.equal(settings({}).liveColour, "blue");
    const candidateImages = { "payment-server": "images.local/payment-server:2" };
    assert.deepEqual(settings({ liveColour: "green", candidateImages }).candidateImages, candidateImages);
    assert.match(
      problemsOf({ candidateImages: { agent: "images.local/agent:2" } }).get("agent-commerce:candidateImages.agent") ??
        "",
      /no service with a blue-green release.*There are payment-server/,
    );
    const onEcs = problemsOf({ target: "ecs", datastoreMode: "managed", liveColour: "blue", candidateImages });
    for (const key of ["liveColour", "candidateImages.payment-server"]) {
      assert.match(onEcs.get(`agent-commerce:${key}`) ?? "", /ECS switches colours by itself; remove it/);
    }
  });

  it("name the secrets of each instance", () => {
    const system = systemFor(
      "worldstore",
      { agentMode: "sharded", walletMode: "self-managed", profile: "dev" },
      profiles.dev,
    );
    assert.deepEqual(
      [...externalSecretKeys(system).keys()],
      ["ANTHROPIC_API_KEY", "WALLET_KEY_0", "WALLET_KEY_1", "WALLET_KEY_2", "CROSSMINT_API_KEY", "SERPAPI_API_KEY"],
    );
  });

  it("need a host for every public endpoint that is not left out, and for no other", () => {
    assert.match(problemsOf({ hosts: {} }).get("agent-commerce:hosts.payment") ?? "", /required.*hosts\.payment HOST/);
    const hosts = { payment: "pay.shop.example", shop: "www.shop.example" };
    assert.match(problemsOf({ hosts }).get("agent-commerce:hosts.shop") ?? "", /no such public endpoint.*payment/);
    const omissions = [{ feature: "public-endpoints", reason: "reached inside the cluster", expires: "2027-01-01" }];
    assert.equal(problemsOf({ hosts: {}, omissions }).size, 0);
  });

  it("lift the protection of stores and volumes only", () => {
    assert.equal(problemsOf({ unprotected: ["postgres", "worldstore-agent"] }).size, 0);
    assert.match(
      problemsOf({ unprotected: ["worldstore-server"] }).get("agent-commerce:unprotected[0]") ?? "",
      /no store or service with volumes.*postgres, redis, worldstore-agent/,
    );
  });
});
