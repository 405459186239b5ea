import { readFileSync } from "node:fs";

import { Redis } from "ioredis";
import pg from "pg";

/** One question to a store, as JSON on standard input. */
export interface Question {
  url: string;
  /** The certificate authority, PEM. @default no TLS */
  authority?: string;
  /** SQL, or a Redis command. */
  ask: string | [string, ...string[]];
}

// Asks a store with the clients that the services use and prints the answer as JSON; a refusal ends it with exit code 1.
const { url, authority, ask } = JSON.parse(readFileSync(0, "utf8")) as Question;
const tls = authority === undefined ? {} : { ca: authority };
try {
  console.log(JSON.stringify(typeof ask === "string" ? await askPostgres(ask) : await askRedis(ask)));
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function askPostgres(sql: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url, ...(authority === undefined ? {} : { ssl: tls }) });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

async function askRedis([command, ...args]: readonly [string, ...string[]]): Promise<unknown> {
  const options = { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0, connectTimeout: 5000 };
  const client = new Redis(url, { ...options, ...(authority === undefined ? {} : { tls }) });
  let reason: Error | undefined;
  client.on("error", (error) => (reason ??= error));
  try {
    await client.connect();
    return await client.call(command, ...args);
  } catch (error) {
    throw reason ?? error;
  } finally {
    client.disconnect();
  }
}
