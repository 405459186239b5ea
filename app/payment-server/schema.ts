import type { Pool } from "pg";

import type { Health } from "../common/health.ts";
import type { Logger } from "../common/logger.ts";
import { migrate } from "../common/migrations.ts";
import { untilDone } from "../common/retry.ts";
import { migrations } from "./migrations.ts";

/**
 * Brings the database to the shape that this version needs, and repeats that until it succeeds: PostgreSQL may start
 * later, or another process with the right to change the schema may do the work.
 */
export function keepSchema(pool: Pool, health: Health, logger: Logger, signal: AbortSignal): Promise<boolean> {
  let current = false;
  health.add({
    name: "schema",
    critical: true,
    check: () =>
      current ? Promise.resolve() : Promise.reject(Object.assign(new Error("not yet"), { code: "PENDING" })),
  });
  const work = async () => {
    const applied = await migrate(pool, migrations);
    if (applied.length > 0) logger.info({ applied }, "The database has been migrated.");
    current = true;
    return true;
  };
  return untilDone(work, signal, (error, failures) => {
    if (failures === 1) logger.warn({ error }, "The database cannot be migrated yet; it is tried again.");
  }).then((done) => done === true);
}
