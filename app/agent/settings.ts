import type { Rule, Settings } from "../common/configuration.ts";
import { decimal, integer, oneOf, optional, secret, serviceUrl, text } from "../common/settings.ts";
import { queueSettings, storeSettings } from "../common/shared-settings.ts";

/** What the agent is told. */
export const agentSettings = {
  ...storeSettings,
  ...queueSettings,
  /** WS-CFG-01 */
  ANTHROPIC_API_KEY: secret(/^sk-ant-\S+$/, "a key that starts with sk-ant-"),
  /** WS-CFG-02 */
  WALLET_KEY: optional(secret(/^0x[0-9a-fA-F]{64}$/, "0x and 64 hexadecimal digits")),
  /** WS-CFG-03 */
  ENCRYPTION_KEY: secret(/^[0-9a-fA-F]{64}$/, "64 hexadecimal digits, the same ones in every release"),
  /** WS-CFG-04 */
  CROSSMINT_API_KEY: secret(/^\S{8,}$/, "a key of at least 8 characters without spaces"),
  /** WS-CFG-09 */
  SERPAPI_API_KEY: secret(/^\S{8,}$/, "a key of at least 8 characters without spaces"),
  /** The data volume (WS-CFG-05). */
  RAILWAY_VOLUME_MOUNT_PATH: text("the path of a writable folder", "/app/data"),
  /** WS-CFG-06 */
  XMTP_ENV: oneOf(["production", "dev", "local"], "production"),
  /** WS-CFG-21 */
  WALLET_MODE: oneOf(["self-managed", "crossmint"], "self-managed"),
  PAYMENT_SERVER_URL: serviceUrl(),
  /** WS-CFG-14, as the next three */
  BATCH_SIZE: integer(1, 1_000, 10),
  CONCURRENT_USERS: integer(1, 10_000, 50),
  CACHE_EXPIRY_MS: integer(1_000, 86_400_000, 1_800_000),
  RATE_LIMIT_BUFFER: decimal(0.1, 1, 0.9),
  /** WS-CFG-17, WS-APP-01, as the next two */
  RATE_LIMIT_ANTHROPIC_PER_HOUR: integer(1, 1_000_000, 100),
  RATE_LIMIT_SERPAPI_PER_HOUR: integer(1, 1_000_000, 50),
  RATE_LIMIT_CROSSMINT_PER_DAY: integer(1, 1_000_000, 200),
} satisfies Settings;

/** Only a wallet kept by Crossmint needs no key here (WS-CFG-21). */
export const walletRule: Rule<Pick<typeof agentSettings, "WALLET_MODE" | "WALLET_KEY">> = (values) =>
  values.WALLET_MODE === "self-managed" && "WALLET_KEY" in values && values.WALLET_KEY === undefined
    ? "WALLET_KEY is missing; with WALLET_MODE=self-managed it is needed; set it as a secret or set WALLET_MODE=crossmint."
    : undefined;
