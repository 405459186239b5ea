import assert from "node:assert/strict";
import { isSecretName } from "./secret-names.ts";

describe("names that promise a secret", () => {
  it("are known in every way of writing them", () => {
    for (const name of [
      "WALLET_KEY",
      "jwtSecret",
      "redis-password",
      "tls.key",
      "SENTRY_DSN",
      "APIToken",
      "WALLET",
      "pass",
    ]) {
      assert.equal(isSecretName(name), true, name);
    }
  });

  it("are told from names of things about a secret", () => {
    for (const name of [
      "SECRETS_DIR",
      "JWT_TOKEN_TTL",
      "KEY_PREFIX",
      "users.passwordFile",
      "API_KEY_ID",
      "TOKEN_LIMIT",
    ]) {
      assert.equal(isSecretName(name), false, name);
    }
  });

  it("are told from public things and from words that only contain one", () => {
    for (const name of ["PUBLIC_KEY", "KEYSPACE", "MONKEY", "PASSENGERS", "TOKENIZER", "", "___"]) {
      assert.equal(isSecretName(name), false, name);
    }
  });

  it("are not among the plain variables of the five systems", () => {
    const names = [
      ..."RAILWAY_VOLUME_MOUNT_PATH XMTP_ENV REDIS_CLUSTER_NODES NODE_OPTIONS LOG_LEVEL NODE_ENV WORKERS".split(" "),
      ..."MCP_CLIENT_POOL_SIZE REDIS_MAX_CONNECTIONS MONGODB_MAX_POOL_SIZE ENABLE_PROFILING API_PORT".split(" "),
      ..."CORS_ORIGINS DB_POOL_MIN JWT_EXPIRY JWT_REFRESH_EXPIRY RATE_LIMIT_WINDOW OPENAI_TIMEOUT".split(" "),
      ..."TRACING_ENDPOINT MAILGUN_DOMAIN TRUST_PROXY POSTGRES_USER POSTGRES_HOST OLLAMA_URL LLM_MODEL".split(" "),
    ];
    assert.deepEqual(names.filter(isSecretName), []);
  });
});
