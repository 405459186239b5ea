import type { Pool, PoolClient } from "pg";

/** One change of the database's shape. A published migration never changes. */
export interface Migration {
  /** Counts up from 1 without gaps. */
  version: number;
  name: string;
  sql: string;
}

/** Any number will do, as long as all processes that migrate agree on it. */
const lock = 4_207_349_001;

/**
 * Applies the migrations that are missing, all in one transaction and one process at a time. When none is missing it
 * needs no right to change the schema. Versions that it does not know are left alone: a newer release put them there.
 *
 * @returns the versions that were applied
 */
export async function migrate(pool: Pool, migrations: readonly Migration[]): Promise<number[]> {
  const client = await pool.connect();
  // A connection that breaks fails its statement; without a listener its event would end the process as well.
  const ignore = () => undefined;
  client.on("error", ignore);
  let healthy = false;
  try {
    const applied = (await missing(client, migrations)).length === 0 ? [] : await applyAlone(client, migrations);
    healthy = true;
    return applied;
  } finally {
    client.release(!healthy);
    client.removeListener("error", ignore);
  }
}

/** Applies what is missing in one transaction, which a failure ends together with its connection. */
async function applyAlone(client: PoolClient, migrations: readonly Migration[]): Promise<number[]> {
  await client.query("BEGIN");
  await client.query("SELECT pg_advisory_xact_lock($1)", [lock]);
  const applied = await apply(client, migrations);
  await client.query("COMMIT");
  return applied;
}

async function missing(client: PoolClient, migrations: readonly Migration[]): Promise<Migration[]> {
  const table = await client.query<{ exists: boolean }>(
    "SELECT to_regclass('schema_migrations') IS NOT NULL AS exists",
  );
  if (!table.rows[0]?.exists) return [...migrations];
  const { rows } = await client.query<{ version: number }>("SELECT version FROM schema_migrations");
  const present = new Set(rows.map(({ version }) => version));
  return migrations.filter(({ version }) => !present.has(version));
}

async function apply(client: PoolClient, migrations: readonly Migration[]): Promise<number[]> {
  await client.query(
    `CREATE TABLE IF NOT EXISTS schema_migrations (
       version integer PRIMARY KEY,
       name text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now()
     )`,
  );
  const versions: number[] = [];
  for (const { version, name, sql } of await missing(client, migrations)) {
    await client.query(sql);
    await client.query("INSERT INTO schema_migrations (version, name) VALUES ($1, $2)", [version, name]);
    versions.push(version);
  }
  return versions;
}
