import { Pool } from "pg";

import type { Logger } from "./logger.ts";

export interface PostgresOptions {
  /** An address with `sslmode=verify-full`: the server's certificate must fit its host name. */
  url: string;
  /** Shown by PostgreSQL as the name of the client. */
  name: string;
  logger: Pick<Logger, "warn">;
  /** Connections at the same time. @default 10 */
  maximum?: number;
}

/** A pool of PostgreSQL connections that replaces broken ones by itself. */
export function createPostgresPool({ url, name, logger, maximum = 10 }: PostgresOptions): Pool {
  const pool = new Pool({
    connectionString: url,
    application_name: name,
    max: maximum,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 30_000,
    statement_timeout: 10_000,
    idle_in_transaction_session_timeout: 30_000,
  });
  pool.on("error", (error) => logger.warn({ error }, "An idle PostgreSQL connection broke."));
  return pool;
}
