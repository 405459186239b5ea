import type { Rule, Settings } from "./configuration.ts";
import { logLevels } from "./logger.ts";
import { integer, oneOf, optional, postgresUrl, queueUrl, redisUrl, text } from "./settings.ts";

/** What every process is told: where it listens, how much it logs and how it stops. */
export const processSettings = {
  /** 0 takes any free port. */
  PORT: integer(0, 65535, 3000),
  /** The least important level in the log; info in production, else debug (WS-CFG-12, WS-LOG-03). */
  LOG_LEVEL: optional(oneOf(logLevels)),
  /** WS-CFG-13 */
  NODE_ENV: oneOf(["production", "development", "test"], "production"),
  /** The name of this copy: the pod's name on Kubernetes. */
  HOSTNAME: text("the name of this copy", "local"),
  /** Milliseconds between "no longer ready" and the end of the first connection, so that load balancers notice. */
  SHUTDOWN_DELAY_MS: integer(0, 20_000, 3_000),
  /** Milliseconds after which a stop that hangs is forced; below the 30 s that the platform waits. */
  SHUTDOWN_GRACE_MS: integer(1_000, 29_000, 25_000),
} satisfies Settings;

/** PostgreSQL and the pool of Redis connections. */
export const storeSettings = {
  /** WS-CFG-10 */
  DATABASE_URL: postgresUrl(),
  /** WS-CFG-07 */
  REDIS_URL: redisUrl(),
  /** WS-CFG-15, as the next two */
  REDIS_POOL_MIN: integer(0, 100, 2),
  REDIS_POOL_MAX: integer(1, 100, 10),
  REDIS_POOL_ACQUIRE_TIMEOUT_MS: integer(100, 120_000, 30_000),
} satisfies Settings;

/** The order queue (WS-SVC-03, WS-APP-11). */
export const queueSettings = {
  QUEUE_URL: queueUrl(),
  /** In SQS the address names the queue. */
  QUEUE_NAME: text("the name of the stream", "orders"),
} satisfies Settings;

/** The pool's smallest size is at most its largest. */
export const poolSizeRule: Rule<typeof storeSettings> = ({ REDIS_POOL_MIN: minimum, REDIS_POOL_MAX: maximum }) =>
  minimum !== undefined && maximum !== undefined && minimum > maximum
    ? `REDIS_POOL_MIN is ${minimum}, above REDIS_POOL_MAX which is ${maximum}; allowed is at most REDIS_POOL_MAX; lower one or raise the other.`
    : undefined;
