import type { Problem } from "../errors.ts";
import type { PostgresStore } from "../spec/store.ts";

/** A setting of a server in RDS. */
export interface DatabaseParameter {
  name: string;
  value: string;
  applyMethod: "immediate" | "pending-reboot";
}

/** What every server does besides: TLS only, and log lines of connections, changes of tables, waits and slow queries. */
const always: Record<string, string> = {
  "rds.force_ssl": "1",
  log_connections: "1",
  log_disconnections: "1",
  log_lock_waits: "1",
  log_min_duration_statement: "1000",
  log_statement: "ddl",
};

/** Parameters that PostgreSQL takes over only at a start. */
const restarting = new Set([
  "autovacuum_freeze_max_age",
  "autovacuum_max_workers",
  "huge_pages",
  "max_connections",
  "max_locks_per_transaction",
  "max_prepared_transactions",
  "max_replication_slots",
  "max_wal_senders",
  "max_worker_processes",
  "rds.logical_replication",
  "shared_buffers",
  "shared_preload_libraries",
  "track_activity_query_size",
  "track_commit_timestamp",
  "wal_buffers",
]);

/** Amounts of memory that RDS counts in units of its own: bytes in one. Others of PostgreSQL's are refused. */
const memoryUnits: Record<string, number> = Object.fromEntries([
  ...["effective_cache_size", "shared_buffers", "temp_buffers", "wal_buffers"].map((name) => [name, 8192]),
  ...["autovacuum_work_mem", "logical_decoding_work_mem", "log_temp_files", "maintenance_work_mem", "work_mem"].map(
    (name) => [name, 1024],
  ),
  ...["max_slot_wal_keep_size", "max_wal_size", "min_wal_size", "wal_keep_size"].map((name) => [name, 1024 ** 2]),
]) as Record<string, number>;

/** Lengths of time that RDS counts in units of its own: milliseconds in one. */
const timeUnits: Record<string, number> = Object.fromEntries([
  ...[
    "deadlock_timeout",
    "idle_in_transaction_session_timeout",
    "idle_session_timeout",
    "lock_timeout",
    "log_autovacuum_min_duration",
    "log_min_duration_statement",
    "statement_timeout",
  ].map((name) => [name, 1]),
  ...["autovacuum_naptime", "checkpoint_timeout"].map((name) => [name, 1000]),
]) as Record<string, number>;

const bytes: Record<string, number> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3, TB: 1024 ** 4 };
const milliseconds: Record<string, number> = { ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** Extensions whose library the server must load at its start. */
const preloaded = new Set(["pg_cron", "pg_hint_plan", "pg_stat_statements", "pgaudit"]);

/** The settings of a server, sorted by name: the specification's in RDS's own units, and those of every server. */
export function databaseParameters(specification: PostgresStore): DatabaseParameter[] {
  const { maxConnections, extensions = [], parameters = {} } = specification;
  const libraries = extensions.filter((extension) => preloaded.has(extension)).sort();
  const values: Record<string, string> = {
    ...(libraries.length === 0 ? {} : { shared_preload_libraries: libraries.join(",") }),
    ...Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, converted(name, value) ?? value])),
    ...always,
    max_connections: String(maxConnections),
  };
  return Object.entries(values)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => ({ name, value, applyMethod: restarting.has(name) ? "pending-reboot" : "immediate" }));
}

/** The specification's parameters that RDS does not take. */
export function parameterProblems(where: string, { parameters = {} }: PostgresStore): Problem[] {
  return Object.entries(parameters)
    .filter(([name, value]) => converted(name, value) === undefined)
    .map(([name, value]) => ({
      where: `${where}.parameters.${name}`,
      message: `"${value}" is not supported on AWS: write a number in the unit in which RDS counts ${name}.`,
    }));
}

const switches: Record<string, string> = { on: "1", off: "0", true: "1", false: "0" };

/** Parameters that have more values than on and off, so that RDS knows them by these words. */
const worded = new Set(["constraint_exclusion", "huge_pages", "synchronous_commit", "wal_compression"]);

/** A value as RDS writes it: amounts as numbers in the parameter's unit, switches as 1 and 0. */
function converted(name: string, value: string): string | undefined {
  const [, amount, unit] = /^(\d+) ?([A-Za-z]+)$/.exec(value) ?? [];
  if (amount === undefined || unit === undefined) return (worded.has(name) ? undefined : switches[value]) ?? value;
  return inUnit(amount, bytes[unit], memoryUnits[name]) ?? inUnit(amount, milliseconds[unit], timeUnits[name]);
}

function inUnit(amount: string, from: number | undefined, to: number | undefined): string | undefined {
  if (from === undefined || to === undefined) return undefined;
  const count = (Number(amount) * from) / to;
  return Number.isInteger(count) ? String(count) : undefined;
}
