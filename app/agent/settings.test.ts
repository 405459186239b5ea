import assert from "node:assert/strict";
import { describe, it } from "mocha";

import { readConfiguration, type ConfigurationError } from "../common/configuration.ts";
import { sqsRegion } from "../common/queue/sqs-url.ts";
import { agentSettings, walletRule } from "./settings.ts";

const good = {
  DATABASE_URL: "postgres://u:p@h/d?sslmode=verify-full",
  REDIS_URL: "rediss://u:p@h:6380",
  QUEUE_URL: "rediss://u:p@q:6380",
  ANTHROPIC_API_KEY: "sk-ant-key",
  WALLET_KEY: `0x${"a1".repeat(32)}`,
  ENCRYPTION_KEY: "b2".repeat(32),
  CROSSMINT_API_KEY: "crossmint",
  SERPAPI_API_KEY: "serpapi-key",
  PAYMENT_SERVER_URL: "http://worldstore-server:3000",
};
const read = (environment: Record<string, string>) => readConfiguration(agentSettings, [walletRule], environment);

describe("what the agent is told", () => {
  it("has the requirements' values unless told otherwise", () => {
    const { configuration } = read(good);
    const { BATCH_SIZE, CONCURRENT_USERS, CACHE_EXPIRY_MS, RATE_LIMIT_BUFFER } = configuration;
    assert.deepEqual([BATCH_SIZE, CONCURRENT_USERS, CACHE_EXPIRY_MS, RATE_LIMIT_BUFFER], [10, 50, 1_800_000, 0.9]);
    const { REDIS_POOL_MIN, REDIS_POOL_MAX, REDIS_POOL_ACQUIRE_TIMEOUT_MS } = configuration;
    assert.deepEqual([REDIS_POOL_MIN, REDIS_POOL_MAX, REDIS_POOL_ACQUIRE_TIMEOUT_MS], [2, 10, 30_000]);
    const { RATE_LIMIT_ANTHROPIC_PER_HOUR, RATE_LIMIT_SERPAPI_PER_HOUR, RATE_LIMIT_CROSSMINT_PER_DAY } = configuration;
    assert.deepEqual(
      [RATE_LIMIT_ANTHROPIC_PER_HOUR, RATE_LIMIT_SERPAPI_PER_HOUR, RATE_LIMIT_CROSSMINT_PER_DAY],
      [100, 50, 200],
    );
    assert.deepEqual([configuration.RAILWAY_VOLUME_MOUNT_PATH, configuration.XMTP_ENV], ["/app/data", "production"]);
  });

  const wrong: [name: keyof typeof good, value: string][] = [
    ["ANTHROPIC_API_KEY", "sk-openai-1"],
    ["WALLET_KEY", "a1".repeat(32)],
    ["WALLET_KEY", `0x${"a1".repeat(31)}`],
    ["ENCRYPTION_KEY", "b2".repeat(16)],
    ["ENCRYPTION_KEY", `0x${"b2".repeat(32)}`],
    ["REDIS_URL", "redis://u:p@h:6379"],
    ["DATABASE_URL", "postgres://u:p@h/d"],
    ["QUEUE_URL", "redis://u:p@q:6379"],
    ["QUEUE_URL", "http://sqs.eu-central-1.amazonaws.com/123456789012/orders"],
    ["QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com.example/123456789012/orders"],
    ["QUEUE_URL", "https://sqs.eu-central-1.amazonaws.com/12345/orders"],
    ["QUEUE_URL", "https://u:p@sqs.eu-central-1.amazonaws.com/123456789012/orders"],
  ];
  for (const [name, value] of wrong) {
    it(`refuses ${name} of the wrong form without showing it: ${value.slice(0, 12)}`, () => {
      assert.throws(
        () => read({ ...good, [name]: value }),
        ({ problems }: ConfigurationError) => {
          assert.equal(problems.length, 1);
          assert.ok(problems[0]?.startsWith(`${name} has a value of the wrong form; allowed is `));
          return !problems.join().includes(value);
        },
      );
    });
  }

  for (const [url, region] of [
    [good.QUEUE_URL, undefined],
    ["https://sqs.eu-central-1.amazonaws.com/123456789012/worldstore-prod-orders-messages", "eu-central-1"],
    ["https://sqs.cn-north-1.amazonaws.com.cn/123456789012/orders", "cn-north-1"],
  ] as const) {
    it(`takes ${url} as the queue's address, in the region ${region}`, () => {
      assert.equal(read({ ...good, QUEUE_URL: url }).configuration.QUEUE_URL, url);
      assert.equal(sqsRegion(url), region);
    });
  }

  it("needs a wallet key only when it keeps the wallet itself (WS-CFG-21)", () => {
    const { WALLET_KEY: _key, ...without } = good;
    assert.throws(() => read(without), /WALLET_KEY is missing; with WALLET_MODE=self-managed/);
    assert.equal(read({ ...without, WALLET_MODE: "crossmint" }).configuration.WALLET_KEY, undefined);
  });
});
