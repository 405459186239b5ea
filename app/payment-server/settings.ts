import type { Settings } from "../common/configuration.ts";
import { integer, secret } from "../common/settings.ts";
import { queueSettings, storeSettings } from "../common/shared-settings.ts";

const providerSettings = {
  ...storeSettings,
  /** WS-CFG-04 */
  CROSSMINT_API_KEY: secret(/^\S{8,}$/, "a key of at least 8 characters without spaces"),
  /** WS-CFG-20 */
  FIELD_ENCRYPTION_KEY: secret(/^[0-9a-fA-F]{64}$/, "64 hexadecimal digits"),
} satisfies Settings;

/** What the payment server is told. */
export const serverSettings = {
  ...providerSettings,
  /** WS-CFG-16, as the next one */
  ORDER_STATUS_CACHE_MAX: integer(1, 1_000_000, 1_000),
  ORDER_STATUS_CACHE_TTL_MS: integer(100, 86_400_000, 60_000),
  /** WS-CFG-17 */
  RATE_LIMIT_CROSSMINT_PER_DAY: integer(1, 1_000_000, 200),
  /** WS-CFG-18, as the next four */
  HIGH_VALUE_ORDER_USDC: integer(1, 1_000_000_000, 10_000),
  RAPID_ORDERS_COUNT: integer(1, 1_000_000, 10),
  RAPID_ORDERS_WINDOW_S: integer(1, 86_400, 3_600),
  MAX_SHIPPING_ADDRESSES: integer(1, 1_000, 5),
  KYC_ORDER_USD: integer(1, 1_000_000_000, 1_000),
} satisfies Settings;

/** What the worker of the order queue is told. */
export const workerSettings = {
  ...providerSettings,
  ...queueSettings,
  /** Deliveries after which an order that cannot be stored is set aside (WS-DS-04); in SQS the redrive policy says it. */
  QUEUE_MAX_DELIVERIES: integer(1, 100, 5),
  /** Milliseconds after which an order that a worker took and did not finish is given to another one. */
  QUEUE_REDELIVERY_MS: integer(100, 3_600_000, 30_000),
  /** Days after which a dead letter is forgotten (WS-DS-04); in SQS the dead-letter queue says it. */
  QUEUE_DEAD_LETTER_DAYS: integer(1, 365, 14),
} satisfies Settings;
