import { randomUUID } from "node:crypto";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Redis } from "ioredis";
import { Client } from "pg";

import type { ProbeSpecification, ProbeStore } from "./specification.ts";
import { valueOf, type Surroundings } from "./variables.ts";

/** One thing that the service relies on. */
export interface Check {
  name: string;
  /** Rejects with a sentence when it does not work. */
  run: () => Promise<void>;
}

/** Milliseconds that a store may take to answer. */
const timeout = 5_000;

/** The checks of all declared stores and volumes. */
export function plannedChecks(specification: ProbeSpecification, surroundings: Surroundings): Check[] {
  const stores = specification.stores.map((store) => ({
    name: `store ${store.name}`,
    run: () => checkStore(store, valueOf(surroundings, store.urlVariable)),
  }));
  const volumes = specification.volumes.map(({ path }) => ({ name: `volume ${path}`, run: () => checkVolume(path) }));
  return [...stores, ...volumes];
}

async function checkStore({ name, engine, urlVariable }: ProbeStore, url: string | undefined): Promise<void> {
  if (!url) throw new Error(`The store ${name} has no address: ${urlVariable} is missing.`);
  if (!URL.canParse(url)) throw new Error(`The store ${name} has no valid address in ${urlVariable}.`);
  try {
    if (engine === "postgres") return await checkPostgres(url);
    if (engine === "mongodb") throw new Error("the engine mongodb is not supported by the probe");
    return await checkRedis(url);
  } catch (error) {
    const { message, code } = error as { message: string; code?: string };
    throw new Error(`The store ${name} cannot be used with ${urlVariable}: ${message || code}.`, { cause: error });
  }
}

async function checkPostgres(url: string): Promise<void> {
  if (new URL(url).searchParams.get("sslmode") !== "verify-full") throw new Error("sslmode is not verify-full");
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: timeout,
    statement_timeout: timeout,
    application_name: "probe",
  });
  // A broken connection also rejects the statement that runs on it.
  client.on("error", () => undefined);
  try {
    await client.connect();
    const { rows } = await client.query<{ ssl: boolean }>("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
    if (!rows[0]?.ssl) throw new Error("the connection is not encrypted");
  } finally {
    await client.end();
  }
}

async function checkRedis(url: string): Promise<void> {
  if (!url.startsWith("rediss://")) throw new Error("the scheme is not rediss");
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: timeout,
    commandTimeout: timeout,
    retryStrategy: () => null,
    connectionName: "probe",
  });
  let reason: Error | undefined;
  redis.on("error", (error: Error) => (reason = error));
  try {
    await redis.connect();
    await redis.ping();
  } catch (error) {
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

async function checkVolume(path: string): Promise<void> {
  const file = join(path, `.probe-${randomUUID()}`);
  try {
    await writeFile(file, file, { flag: "wx" });
    if ((await readFile(file, "utf8")) !== file) throw new Error("what was written is not what was read");
  } catch (error) {
    throw new Error(`The volume ${path} cannot be written and read: ${(error as Error).message}.`, { cause: error });
  } finally {
    await rm(file, { force: true });
  }
}
